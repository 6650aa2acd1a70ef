import { abs, scalar, sub, sum } from "@tensorflow/tfjs-core";
import { alignTargets } from "./alignTargets.js";
import { share, shareRule, type Share } from "./shareRule.js";
import { StreamingMetric } from "./streamingMetric.js";

/** The mean of the absolute errors over all numbers. */
export function meanAbsoluteError(): StreamingMetric<Share> {
  return new StreamingMetric(
    shareRule((predictions, targets) => {
      const errors = abs(sub(predictions, alignTargets(predictions, targets)));
      return [sum(errors), scalar(errors.size)];
    }, share),
  );
}
