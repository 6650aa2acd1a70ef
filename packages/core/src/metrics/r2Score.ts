import { cast, mean, reshape, scalar, squaredDifference, sum } from "@tensorflow/tfjs-core";
import { alignTargets } from "./alignTargets.js";
import { columnsOf } from "./labels.js";
import { StreamingMetric } from "./streamingMetric.js";

/** What R² follows from, for each column of the targets. */
export interface Spread {
  readonly count: number;
  readonly means: readonly number[];
  /** The targets' squared distances from their mean, summed. */
  readonly scatter: readonly number[];
  /** The squared errors, summed. */
  readonly errors: readonly number[];
}

/**
 * The coefficient of determination R²: 1 − squared errors / squared distances of the targets from their mean; over several
 * columns, the mean of theirs.
 *
 * Where a column's targets are all equal it is 1 for exact predictions and 0 otherwise; below two examples it is NaN.
 * Batches are joined by their means (Chan, Golub and LeVeque 1983), so that a large mean costs no precision.
 */
export function r2Score(): StreamingMetric<Spread> {
  return new StreamingMetric<Spread>({
    empty: { count: 0, means: [], scatter: [], errors: [] },
    measure: (predictions, targets) => {
      const columns = columnsOf(predictions);
      const predicted = reshape(cast(predictions, "float32"), [-1, columns]);
      const actual = reshape(cast(alignTargets(predictions, targets), "float32"), [-1, columns]);
      const means = mean(actual, 0);
      return [
        scalar(predicted.size / columns),
        means,
        sum(squaredDifference(actual, means), 0),
        sum(squaredDifference(actual, predicted), 0),
      ];
    },
    add: (before, [count = 0] = [], means = none, scatter = none, errors = none) => {
      const all = before.count + count;
      const gaps = Array.from(means, (value, at) => value - (before.means[at] ?? 0));
      return {
        count: all,
        means: gaps.map((gap, at) => (before.means[at] ?? 0) + (gap * count) / all),
        scatter: gaps.map(
          (gap, at) =>
            (before.scatter[at] ?? 0) + (scatter[at] ?? NaN) + (gap * gap * before.count * count) / all,
        ),
        errors: gaps.map((_, at) => (before.errors[at] ?? 0) + (errors[at] ?? NaN)),
      };
    },
    result: ({ count, scatter, errors }) => {
      if (count < 2) return NaN;
      const scores = errors.map((error, at) => {
        const distance = scatter[at] ?? 0;
        if (distance === 0) return error === 0 ? 1 : 0;
        return 1 - error / distance;
      });
      return scores.reduce((total, score) => total + score, 0) / scores.length;
    },
  });
}

const none: readonly number[] = [];
