import { scalar, squaredDifference, sum } from "@tensorflow/tfjs-core";
import { alignTargets } from "./alignTargets.js";
import { share, shareRule, type Share } from "./shareRule.js";
import { StreamingMetric } from "./streamingMetric.js";

/** The mean of the squared errors over all numbers. */
export function meanSquaredError(): StreamingMetric<Share> {
  return new StreamingMetric(
    shareRule((predictions, targets) => {
      const errors = squaredDifference(predictions, alignTargets(predictions, targets));
      return [sum(errors), scalar(errors.size)];
    }, share),
  );
}
