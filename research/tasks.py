"""The given tasks, and tasks drawn at random."""

import json
import pathlib

import numpy as np


def given(folder):
    """A given task, from its folder."""
    folder = pathlib.Path(folder)
    task = {name: np.load(folder / f"{name}.npy") for name in ("x_train", "y_train", "x_val", "y_val")}
    return {**task, "spec": json.loads((folder / "task.json").read_text()), "name": folder.name}


def teacher(rng, x, outputs):
    """The output of a random network of one to three layers with random sharpness."""
    h = x
    for _ in range(rng.integers(0, 3)):
        width = int(rng.integers(4, 24))
        h = np.tanh(h @ rng.normal(0, rng.uniform(0.7, 2) / np.sqrt(h.shape[1]), (h.shape[1], width)))
    out = h @ rng.normal(0, 1, (h.shape[1], outputs)) / np.sqrt(h.shape[1])
    return (out - out.mean(0)) / (out.std(0) + 1e-9)


def tabular(rng, n):
    x = rng.standard_normal((n, int(rng.integers(3, 40))))
    if rng.random() < 0.25:
        x *= np.exp(rng.normal(0, 0.7, x.shape[1]))
    return x


def classes(rng, n):
    x, count = tabular(rng, n), int(rng.integers(2, 9))
    kind = rng.choice(["teacher", "clusters"])
    if kind == "teacher":
        y = np.argmax(3 * teacher(rng, x, count) + rng.gumbel(0, rng.uniform(0.05, 1.2), (n, count)), 1)
    else:
        centres = rng.normal(0, rng.uniform(0.3, 1.5), (2 * count, x.shape[1]))
        which = rng.integers(0, 2 * count, n)
        x, y = x + centres[which], which % count
    if rng.random() < 0.4:
        wrong = rng.random(n) < rng.uniform(0.02, 0.25)
        y = np.where(wrong, rng.integers(0, count, n), y)
    return x, y, count


def shapes(rng, n):
    """Classes that a linear model cannot separate: rings, signs of products, spirals."""
    kind, d = rng.choice(["rings", "signs", "spirals"]), int(rng.integers(2, 8))
    x = rng.standard_normal((n, d))
    if kind == "rings":
        count = int(rng.integers(2, 5))
        radius = np.linalg.norm(x, axis=1)
        y = np.searchsorted(np.quantile(radius, np.arange(1, count) / count), radius)
    elif kind == "signs":
        count = 2
        y = (np.prod(x[:, : rng.integers(2, 4)], 1) > 0).astype(int)
    else:
        count = int(rng.integers(2, 4))
        y, along = rng.integers(0, count, n), rng.uniform(0.2, 1, n)
        angle = rng.uniform(3, 7) * along + 2 * np.pi * y / count
        x[:, 0], x[:, 1] = 2 * along * np.cos(angle), 2 * along * np.sin(angle)
        x[:, :2] += rng.normal(0, 0.08, (n, 2))
    return x, y, count


def regression(rng, n):
    x = tabular(rng, n)
    kind = rng.choice(["teacher", "sines", "products", "linear"])
    if kind == "teacher":
        y = teacher(rng, x, 1)
    elif kind == "sines":
        y = np.sin(x[:, : rng.integers(1, 4)] * rng.uniform(0.7, 2.5)).sum(1, keepdims=True)
    elif kind == "products":
        y = (x[:, 0] * x[:, 1] + 0.5 * x[:, 2])[:, None]
    else:
        y = (x @ rng.normal(0, 1, (x.shape[1], 1))) / np.sqrt(x.shape[1])
    y = y + rng.normal(0, rng.choice([0.05, 0.3, 1]), y.shape)
    scale = 10 ** rng.uniform(-1, 1.8)
    return x, y * scale + rng.choice([0, 0, 1, 3]) * scale, 1


def pictures(rng, n):
    """Noisy pictures of a bar; the class is its direction."""
    size, count = 8, int(rng.integers(2, 6))
    y = rng.integers(0, count, n)
    grid = np.stack(np.meshgrid(np.arange(size), np.arange(size), indexing="ij"), -1) - (size - 1) / 2
    angle = np.pi * y / count + rng.normal(0, 0.1, n)
    normal = np.stack([np.cos(angle), np.sin(angle)], -1)
    away = np.abs(grid[None] @ normal[:, None, :, None])[..., 0] - 0
    x = (np.abs(away - rng.uniform(0, 1.5, (n, 1, 1))) < 0.8) + rng.normal(0, rng.uniform(0.1, 0.8), (n, size, size))
    return x[..., None], y, count


def dense_layers(rng, outputs, most):
    depth = int(rng.integers(1, most + 1))
    units = int(rng.choice([16, 24, 32, 48, 64, 96]))
    activation = str(rng.choice(["relu", "relu", "tanh"]))
    with_norm = rng.random() < 0.3
    layers = []
    for _ in range(depth):
        if with_norm:
            layers += [
                {"type": "dense", "units": units},
                {"type": "batchNorm"},
                {"type": "activation", "activation": activation},
            ]
        else:
            layers.append({"type": "dense", "units": units, "activation": activation})
    return [*layers, {"type": "dense", "units": outputs}]


def conv_layers(rng, outputs):
    filters = [int(rng.choice([4, 6, 8])) for _ in range(2)]
    first = {"type": "conv2d", "filters": filters[0], "kernelSize": 3, "padding": "same"}
    norm = [{"type": "batchNorm"}] if rng.random() < 0.4 else []
    end = str(rng.choice(["flatten", "globalAveragePool2d"]))
    return [
        first,
        *norm,
        {"type": "activation", "activation": "relu"},
        {"type": "maxPool2d", "poolSize": 2},
        {**first, "filters": filters[1], "activation": "relu"},
        {"type": end},
        {"type": "dense", "units": outputs},
    ]


def widened(number, source):
    """A drawn task with a dense net of 256 to 1,024 units a layer and 200 steps; None if it has another kind of net."""
    task = drawn(number, source)
    spec = task["spec"]
    if any(layer["type"] in ("conv2d", "embedding") for layer in spec["layers"]):
        return None
    units = int(np.random.default_rng([5, number]).choice([256, 512, 1024]))
    for layer in spec["layers"][:-1]:
        if layer["type"] == "dense":
            layer["units"] = units
    spec.update(batchSize=min(64, spec["batchSize"]), steps=200)
    return task


def drawn(number, source, kind=None):
    """A random task. `source`: the folder of the given tasks, for digits and names. `kind`: another optimizer."""
    rng = np.random.default_rng([2026, number])
    n = int(rng.choice([600, 900, 1500, 2500]))
    held = n // 3
    family = str(rng.choice(["classes", "shapes", "regression", "digits", "names", "pictures"],
                            p=[0.3, 0.14, 0.26, 0.14, 0.06, 0.10]))
    if family in ("digits", "names"):
        from_task = given(pathlib.Path(source) / {"digits": "digits-mlp-adam", "names": "names-mlp-sgd"}[family])
        x = np.concatenate([from_task["x_train"], from_task["x_val"]])
        y = np.concatenate([from_task["y_train"], from_task["y_val"]])
        rows = rng.permutation(len(x))[: n + held]
        x, y, outputs = x[rows], y[rows], 10 if family == "digits" else 27
        if family == "digits" and rng.random() < 0.3:
            x = x * 16.0
        held = min(held, len(x) // 4)
    else:
        make = {"classes": classes, "shapes": shapes, "regression": regression, "pictures": pictures}[family]
        x, y, outputs = make(rng, n + held)
    if family == "pictures" or (family == "digits" and rng.random() < 0.3):
        x = x.reshape(len(x), 8, 8, 1)
        layers = conv_layers(rng, outputs)
    else:
        layers = dense_layers(rng, outputs, 4)
    if family == "names":
        layers = [{"type": "embedding", "vocab": 27, "dim": int(rng.integers(4, 12))}, {"type": "flatten"}, *layers]
    optimizer = [
        {"type": "sgd"},
        {"type": "sgd", "momentum": 0.9},
        {"type": "adam"},
        {"type": "adamw", "weightDecay": 0.01},
        {"type": "rmsprop"},
    ][int(rng.choice(5, p=[0.24, 0.24, 0.28, 0.08, 0.16]))]
    spec = {
        "layers": layers,
        "optimizer": optimizer if kind is None else {"type": kind},
        "batchSize": int(rng.choice([16, 32, 64, 64, 128])),
        "steps": int(rng.choice([200, 300])),
        "evalEvery": 20,
        "loss": "mse" if family == "regression" else "crossEntropy",
    }
    x = x if family == "names" else x.astype(np.float32)
    y = y.astype(np.float32 if family == "regression" else np.int32)
    return {
        "x_train": x[:-held], "y_train": y[:-held], "x_val": x[-held:], "y_val": y[-held:],
        "spec": spec, "name": f"own{number:03d}{kind and f'-{kind}' or ''}-{family}",
    }
