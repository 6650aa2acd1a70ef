import { cast, equal, scalar, sum } from "@tensorflow/tfjs-core";
import { checkOptions } from "../options/checkOptions.js";
import { labelRequirements, labelsOf, type LabelOptions } from "./labels.js";
import { share, shareRule, type Share } from "./shareRule.js";
import { StreamingMetric } from "./streamingMetric.js";

/**
 * The share of examples whose class was predicted.
 *
 * Predictions are scores of classes, `[…, classes]`, against class numbers or one-hot rows; or one number per example
 * against 0 and 1.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * const metric = accuracy();
 * metric.update(model.predict(xs), ys);
 * await metric.compute(); // 0.93
 * ```
 */
export function accuracy(options: LabelOptions = {}): StreamingMetric<Share> {
  checkOptions(options, labelRequirements, "accuracy");
  return new StreamingMetric(
    shareRule((predictions, targets) => {
      const { predicted, actual, range } = labelsOf(predictions, targets, options);
      return [sum(cast(equal(predicted, actual), "float32")), scalar(predicted.size), range];
    }, share),
  );
}
