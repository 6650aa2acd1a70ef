import { classCountRule, type AverageOptions, type ClassCounts } from "./classCounts.js";
import { StreamingMetric } from "./streamingMetric.js";

/**
 * Precision: true positives / predicted positives, from 0 to 1; 0 for a class that was never predicted.
 *
 * Predictions are scores of shape `[…, classes]`, and targets are class indices of shape `[…]` or one-hot rows of shape
 * `[…, classes]`. For binary classification, predictions are one number per example, `[examples]` or `[examples, 1]`, and
 * targets are 0 or 1.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function precision(options: AverageOptions = {}): StreamingMetric<ClassCounts> {
  return new StreamingMetric(
    classCountRule("precision", options, ({ hits, predicted }) => (predicted === 0 ? 0 : hits / predicted)),
  );
}

/**
 * Recall: true positives / actual positives, from 0 to 1; 0 for a class without examples.
 *
 * Predictions and targets have the shapes that {@link precision} takes.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function recall(options: AverageOptions = {}): StreamingMetric<ClassCounts> {
  return new StreamingMetric(
    classCountRule("recall", options, ({ hits, actual }) => (actual === 0 ? 0 : hits / actual)),
  );
}

/**
 * F1 score: the harmonic mean of precision and recall, from 0 to 1; 0 if both are 0 (van Rijsbergen 1979).
 *
 * Predictions and targets have the shapes that {@link precision} takes.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * const metric = f1({ average: "macro" });
 * ```
 */
export function f1(options: AverageOptions = {}): StreamingMetric<ClassCounts> {
  return new StreamingMetric(
    classCountRule("f1", options, ({ hits, predicted, actual }) => {
      const both = predicted + actual;
      return both === 0 ? 0 : (2 * hits) / both;
    }),
  );
}
