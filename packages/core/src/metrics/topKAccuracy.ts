import {
  cast,
  expandDims,
  greater,
  lessEqual,
  oneHot,
  reshape,
  scalar,
  sub,
  sum,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../options/checkOptions.js";
import { count } from "../options/validators.js";
import { classesOf, columnsOf } from "./labels.js";
import { share, shareRule, type Share } from "./shareRule.js";
import { StreamingMetric } from "./streamingMetric.js";

/**
 * The share of examples whose class is among the `k` that were scored highest.
 *
 * Classes that score the same as the right one do not push it out; a score that is not a number is never among them.
 *
 * @param options - `k`, a whole number of at least 1.
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function topKAccuracy(options: { readonly k: number }): StreamingMetric<Share> {
  checkOptions(options, { k: count }, "topKAccuracy");
  const { k } = options;
  return new StreamingMetric(
    shareRule((predictions, targets) => {
      const classes = columnsOf(predictions);
      const scores = reshape(predictions, [-1, classes]);
      const { actual, range } = classesOf(predictions, targets);
      const isRight = cast(oneHot(actual, classes), "bool");
      const right = sum(where(isRight, scores, zerosLike(scores)), 1);
      const notAbove = sum(cast(lessEqual(scores, expandDims(right, 1)), "float32"), 1);
      const isHit = greater(k, sub(classes, notAbove));
      return [sum(cast(isHit, "float32")), scalar(right.size), range];
    }, share),
  );
}
