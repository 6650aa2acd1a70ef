import { cast, oneHot, reshape, scalar } from "@tensorflow/tfjs-core";
import type { Measure } from "./accumulation.js";
import { alignTargets } from "./alignTargets.js";
import { areaUnderRoc } from "./areaUnderRoc.js";
import { labelRange, requireInRange } from "./labelRange.js";
import { classesOf, columnsOf } from "./labels.js";
import { StreamingMetric } from "./streamingMetric.js";

/** The scores of some batches, row by row, with what each one should have been. */
export interface Scores {
  readonly chunks: readonly { readonly scores: Measure; readonly targets: Measure }[];
  /** The number of scores per example. */
  readonly columns: number;
}

/**
 * The exact area under the ROC curve: the chance that a positive example is scored above a negative one, ties for half.
 *
 * Takes one score per example against 0 and 1, or scores of classes against class numbers or one-hot rows; then it is
 * the mean over the classes, each against the rest. All scores are kept in memory until `reset`.
 */
export function auroc(): StreamingMetric<Scores> {
  return new StreamingMetric<Scores>({
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
        const pick = (values: Measure): number[] =>
          Array.from({ length: values.length / columns }, (__, row) => values[row * columns + at] ?? NaN);
        const scores = chunks.flatMap((chunk) => pick(chunk.scores));
        return areaUnderRoc(
          scores,
          chunks.flatMap((chunk) => pick(chunk.targets)).map((target) => target > 0.5),
        );
      });
      return areas.reduce((sum, area) => sum + area, 0) / columns;
    },
  });
}
