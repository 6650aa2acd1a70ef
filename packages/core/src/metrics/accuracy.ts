import {
  cast,
  equal,
  expandDims,
  greater,
  lessEqual,
  oneHot,
  reshape,
  sub,
  sum,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../options/checkOptions.js";
import { count } from "../options/validators.js";
import { totalWeight, weighted, weightsFor } from "./exampleWeights.js";
import { classesOf, columnsOf, labelRequirements, labelsOf, type LabelOptions } from "./labels.js";
import { meanRule, type SumAndCount } from "./meanRule.js";
import { StreamingMetric } from "./streamingMetric.js";

/**
 * Accuracy: the fraction of examples whose predicted class is the actual one, from 0 to 1.
 *
 * Predictions are scores of shape `[…, classes]`, and targets are class indices of shape `[…]` or one-hot rows of shape
 * `[…, classes]`. For binary classification, predictions are one number per example, `[examples]` or `[examples, 1]`, and
 * targets are 0 or 1.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * const metric = accuracy();
 * metric.update(model.predict(xs), ys);
 * await metric.compute(); // 0.93
 * ```
 */
export function accuracy(options: LabelOptions = {}): StreamingMetric<SumAndCount> {
  checkOptions(options, labelRequirements, "accuracy");
  return new StreamingMetric(
    meanRule((predictions, targets, given) => {
      const { predicted, actual, range } = labelsOf(predictions, targets, options);
      const weights = weightsFor(given, predictions, predicted.size);
      const hits = weighted(cast(equal(predicted, actual), "float32"), weights);
      return [sum(hits), totalWeight(predicted.size, weights), range];
    }),
  );
}

/**
 * Top-k accuracy: the fraction of examples whose class is among the `k` highest scores, from 0 to 1.
 *
 * Predictions are scores of shape `[…, classes]`, and targets are class indices of shape `[…]` or one-hot rows of shape
 * `[…, classes]`. Ties count in favor of the actual class. A NaN score is never among the highest.
 *
 * @param options - `k`: the number of highest scores, an integer of at least 1.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function topKAccuracy(options: { readonly k: number }): StreamingMetric<SumAndCount> {
  checkOptions(options, { k: count }, "topKAccuracy");
  const { k } = options;
  return new StreamingMetric(
    meanRule((predictions, targets, given) => {
      const classes = columnsOf(predictions);
      const scores = reshape(predictions, [-1, classes]);
      const { actual, range } = classesOf(predictions, targets);
      const isActual = cast(oneHot(actual, classes), "bool");
      const actualScores = sum(where(isActual, scores, zerosLike(scores)), 1);
      const notAbove = sum(cast(lessEqual(scores, expandDims(actualScores, 1)), "float32"), 1);
      const isHit = greater(k, sub(classes, notAbove));
      const weights = weightsFor(given, predictions, actual.size);
      const hits = weighted(cast(isHit, "float32"), weights);
      return [sum(hits), totalWeight(actual.size, weights), range];
    }),
  );
}
