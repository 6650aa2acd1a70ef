"""Writes metrics.json: fixed inputs and what scikit-learn makes of them.

    python3 -m pip install --target /tmp/sklearn scikit-learn
    PYTHONPATH=/tmp/sklearn python3 makeMetrics.py && npx prettier --write metrics.json
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn import metrics

random = np.random.default_rng(2024)


def float32(values):
    """The numbers as float32 holds them, so that both sides compute with the same."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def softmax(logits):
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def plain(values):
    return np.asarray(values).tolist()


def class_case(rows, classes, labels):
    """Classes; some of which may be neither there nor predicted."""
    actual = random.choice(labels, rows)
    logits = random.normal(size=(rows, classes))
    logits[:, [label for label in range(classes) if label not in labels]] -= 50
    logits[np.arange(rows), actual] += 0.8
    logits = float32(logits)
    predicted = logits.argmax(axis=1)
    probabilities = softmax(logits)
    values = {
        "accuracy": metrics.accuracy_score(actual, predicted),
        "perplexity": float(np.exp(metrics.log_loss(actual, probabilities, labels=range(classes)))),
    }
    for k in (1, 2, 3):
        values[f"top{k}"] = metrics.top_k_accuracy_score(actual, logits, k=k, labels=range(classes))
    for average in ("macro", "micro"):
        values[f"precision_{average}"] = metrics.precision_score(actual, predicted, average=average, zero_division=0)
        values[f"recall_{average}"] = metrics.recall_score(actual, predicted, average=average, zero_division=0)
        values[f"f1_{average}"] = metrics.f1_score(actual, predicted, average=average, zero_division=0)
    if len(labels) == classes:
        values["auroc"] = metrics.roc_auc_score(actual, probabilities, multi_class="ovr", average="macro")
    return {
        "predictions": plain(logits),
        "probabilities": plain(float32(probabilities)),
        "targets": plain(actual),
        "values": values,
    }


def binary_case(rows, share, step, threshold=0.5):
    """Yes and no; a coarse `step` makes many ties."""
    actual = (random.random(rows) < share).astype(int)
    scores = float32(np.clip(np.round((0.3 * actual + random.random(rows) * 0.7) / step) * step, 0, 1))
    predicted = (scores > np.float32(threshold)).astype(int)
    values = {
        "accuracy": metrics.accuracy_score(actual, predicted),
        "auroc": metrics.roc_auc_score(actual, scores),
    }
    for average in ("binary", "macro", "micro"):
        values[f"precision_{average}"] = metrics.precision_score(actual, predicted, average=average, zero_division=0)
        values[f"recall_{average}"] = metrics.recall_score(actual, predicted, average=average, zero_division=0)
        values[f"f1_{average}"] = metrics.f1_score(actual, predicted, average=average, zero_division=0)
    return {"predictions": plain(scores), "targets": plain(actual), "threshold": threshold, "values": values}


def number_case(rows, columns, mean, spread, error):
    actual = float32(mean + spread * random.normal(size=(rows, columns)))
    predicted = float32(actual + error * random.normal(size=(rows, columns)))
    return {
        "predictions": plain(predicted),
        "targets": plain(actual),
        "values": {
            "mse": metrics.mean_squared_error(actual, predicted),
            "mae": metrics.mean_absolute_error(actual, predicted),
            "r2": metrics.r2_score(actual, predicted),
        },
    }


cases = {
    "classes": {
        "four classes": class_case(101, 4, [0, 1, 2, 3]),
        "one class absent": class_case(53, 5, [0, 1, 3, 4]),
        "few rows": class_case(7, 10, [2, 5, 7]),
    },
    "binary": {
        "balanced": binary_case(97, 0.5, 1e-4),
        "rare, with ties": binary_case(103, 0.15, 0.1),
        "nearly all tied": binary_case(41, 0.4, 0.5),
        "threshold 0.3": binary_case(60, 0.3, 1e-4, 0.3),
        "never predicted": binary_case(33, 0.3, 1e-4, 1.0),
    },
    "numbers": {
        "one column": number_case(67, 1, 0, 1, 0.5),
        "three columns": number_case(45, 3, 2, 3, 1),
        "large mean": number_case(80, 1, 5000, 1, 0.2),
        "bad fit": number_case(30, 2, 0, 1, 3),
    },
}



# The draws above stay as they are: these have a generator of their own.
weighing = np.random.default_rng(7)


def weighted_values(case, kind):
    """The same case, with a weight per example: some are 0, others many times as heavy."""
    rows = len(case["targets"])
    weights = float32(np.where(weighing.random(rows) < 0.2, 0, weighing.exponential(size=rows)))
    actual, predictions = np.asarray(case["targets"]), np.asarray(case["predictions"])
    if kind == "numbers":
        values = {
            "mse": metrics.mean_squared_error(actual, predictions, sample_weight=weights),
            "mae": metrics.mean_absolute_error(actual, predictions, sample_weight=weights),
            "r2": metrics.r2_score(actual, predictions, sample_weight=weights),
        }
        return {"weights": plain(weights), "weighted": values}
    classes = predictions.shape[1] if kind == "classes" else 2
    if kind == "classes":
        predicted = predictions.argmax(axis=1)
        probabilities = softmax(predictions)
        values = {
            "perplexity": float(np.exp(metrics.log_loss(actual, probabilities, labels=range(classes), sample_weight=weights))),
            "top2": metrics.top_k_accuracy_score(actual, predictions, k=2, labels=range(classes), sample_weight=weights),
        }
        if "auroc" in case["values"]:
            values["auroc"] = metrics.roc_auc_score(
                actual, probabilities, multi_class="ovr", average="macro", sample_weight=weights
            )
    else:
        predicted = (predictions > np.float32(case["threshold"])).astype(int)
        values = {"auroc": metrics.roc_auc_score(actual, predictions, sample_weight=weights)}
    options = {"average": "macro", "zero_division": 0, "sample_weight": weights}
    values |= {
        "accuracy": metrics.accuracy_score(actual, predicted, sample_weight=weights),
        "precision_macro": metrics.precision_score(actual, predicted, **options),
        "recall_macro": metrics.recall_score(actual, predicted, **options),
        "f1_macro": metrics.f1_score(actual, predicted, **options),
    }
    labels = range(classes)
    matrices = {
        "counts": metrics.confusion_matrix(actual, predicted, labels=labels),
        "weighted": metrics.confusion_matrix(actual, predicted, labels=labels, sample_weight=weights),
        **{
            over: np.nan_to_num(metrics.confusion_matrix(actual, predicted, labels=labels, normalize=over))
            for over in ("true", "pred", "all")
        },
    }
    matrices = {name: plain(matrix) for name, matrix in matrices.items()}
    return {"weights": plain(weights), "weighted": values, "matrices": matrices}


for kind, named in cases.items():
    for case in named.values():
        case |= weighted_values(case, kind)

target = pathlib.Path(__file__).with_name("metrics.json")
target.write_text(json.dumps({"scikit-learn": sklearn.__version__, **cases}, separators=(",", ":")) + "\n")
