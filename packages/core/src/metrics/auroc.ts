import { cast, ones, oneHot, reshape, scalar } from "@tensorflow/tfjs-core";
import type { Measure } from "./accumulation.js";
import { weightsFor } from "./exampleWeights.js";
import { classesOf, columnsOf } from "./labels.js";
import { StreamingMetric } from "./streamingMetric.js";
import { alignTargets, labelRange, requireInRange } from "./targets.js";

/** A batch's scores and targets in C order, of shape `[examples, columns]`, and the weights of its examples. */
export interface ScoredBatch {
  readonly scores: Measure;
  readonly targets: Measure;
  readonly weights: Measure;
}

/** The scores and targets of all batches. */
export interface ScoredBatches {
  readonly chunks: readonly ScoredBatch[];
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
    takesWeights: true,
    measure: (predictions, targets, given) => {
      const columns = columnsOf(predictions);
      const scores = reshape(cast(predictions, "float32"), [-1, columns]);
      const rows = scores.size / columns;
      const weights = weightsFor(given, predictions, rows) ?? ones([rows]);
      if (columns === 1) {
        const aligned = cast(alignTargets(predictions, targets), "float32");
        return [scores, aligned, scalar(1), labelRange(targets, 2), weights];
      }
      const { actual, range } = classesOf(predictions, targets);
      return [scores, cast(oneHot(actual, columns), "float32"), scalar(columns), range, weights];
    },
    add: ({ chunks }, ...[scores = [], targets = [], [columns = 1] = [], range = [], weights = []]) => {
      requireInRange(range);
      return { chunks: [...chunks, { scores, targets, weights }], columns };
    },
    result: ({ chunks, columns }) => {
      const weights = chunks.flatMap((chunk) => Array.from(chunk.weights));
      const areas = Array.from({ length: columns }, (_, at) => {
        const column = (values: Measure): number[] =>
          Array.from({ length: values.length / columns }, (__, row) => values[row * columns + at] ?? NaN);
        const scores = chunks.flatMap((chunk) => column(chunk.scores));
        const targets = chunks.flatMap((chunk) => column(chunk.targets));
        return areaUnderRoc(scores, targets, weights);
      });
      return areas.reduce((sum, area) => sum + area, 0) / columns;
    },
  });
}

/**
 * The area under the ROC curve: the weight of the pairs of a positive and a lower negative example, of that of all pairs.
 *
 * @returns NaN if one kind is missing or a score is NaN.
 */
function areaUnderRoc(
  scores: readonly number[],
  targets: readonly number[],
  weights: readonly number[],
): number {
  if (scores.some((score) => Number.isNaN(score))) return NaN;
  const order = scores.map((_, index) => index).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let [positives, negatives, ordered] = [0, 0, 0];
  for (let start = 0; start < order.length;) {
    const score = scores[order[start] ?? 0];
    let [tiedPositives, tiedNegatives, end] = [0, 0, start];
    for (; end < order.length && scores[order[end] ?? 0] === score; end++) {
      const example = order[end] ?? 0;
      const weight = weights[example] ?? NaN;
      if ((targets[example] ?? NaN) > 0.5) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    ordered += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    start = end;
  }
  return ordered / (positives * negatives);
}
