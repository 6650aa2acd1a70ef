import { cast, oneHot, reshape, scalar } from "@tensorflow/tfjs-core";
import type { Measure } from "./accumulation.js";
import { classesOf, columnsOf } from "./labels.js";
import { StreamingMetric } from "./streamingMetric.js";
import { alignTargets, labelRange, requireInRange } from "./targets.js";

/** The scores and targets of all batches. */
export interface ScoredBatches {
  /** The scores and the targets of each batch, in C order, of shape `[examples, columns]`. */
  readonly chunks: readonly { readonly scores: Measure; readonly targets: Measure }[];
  /** Number of scores per example. */
  readonly columns: number;
}

/**
 * Area under the ROC curve, from 0 to 1: the probability that a positive example has a higher score than a negative one. Ties
 * count one half. It is exact, with no binning (Mann and Whitney 1947; Hanley and McNeil 1982).
 *
 * Predictions are one score per example, `[examples]` or `[examples, 1]`, and targets are 0 or 1. Or predictions are scores
 * of shape `[…, classes]`, and targets are class indices of shape `[…]` or one-hot rows of shape `[…, classes]`; the result is
 * then the mean over the classes, each against all others. The result is NaN if a class has no examples, or if a score is
 * NaN. All scores stay in memory until `reset`.
 */
export function auroc(): StreamingMetric<ScoredBatches> {
  return new StreamingMetric<ScoredBatches>({
    empty: { chunks: [], columns: 1 },
    measure: (predictions, targets) => {
      const columns = columnsOf(predictions);
      const scores = reshape(cast(predictions, "float32"), [-1, columns]);
      if (columns === 1) {
        const aligned = cast(alignTargets(predictions, targets), "float32");
        return [scores, aligned, scalar(1), labelRange(targets, 2)];
      }
      const { actual, range } = classesOf(predictions, targets);
      return [scores, cast(oneHot(actual, columns), "float32"), scalar(columns), range];
    },
    add: ({ chunks }, scores = [], targets = [], [columns = 1] = [], range = []) => {
      requireInRange(range);
      return { chunks: [...chunks, { scores, targets }], columns };
    },
    result: ({ chunks, columns }) => {
      const areas = Array.from({ length: columns }, (_, at) => {
        const column = (values: Measure): number[] =>
          Array.from({ length: values.length / columns }, (__, row) => values[row * columns + at] ?? NaN);
        const scores = chunks.flatMap((chunk) => column(chunk.scores));
        return areaUnderRoc(
          scores,
          chunks.flatMap((chunk) => column(chunk.targets)).map((target) => target > 0.5),
        );
      });
      return areas.reduce((sum, area) => sum + area, 0) / columns;
    },
  });
}

/** The area under the ROC curve from the ranks of the scores; NaN if one kind is missing or a score is NaN. */
function areaUnderRoc(scores: readonly number[], isPositive: readonly boolean[]): number {
  if (scores.some((score) => Number.isNaN(score))) return NaN;
  const order = scores.map((_, index) => index).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let tied = 0;
    for (; end < order.length && scores[order[end] ?? 0] === score; end++)
      if (isPositive[order[end] ?? 0] === true) tied += 1;
    // Tied examples share the mean of their ranks, which start at 1.
    rankSum += (tied * (start + 1 + end)) / 2;
    positives += tied;
    start = end;
  }
  const negatives = scores.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
