import { abs, cast, mean, reshape, scalar, squaredDifference, sub, sum } from "@tensorflow/tfjs-core";
import { alignTargets } from "./targets.js";
import { columnsOf } from "./labels.js";
import { meanRule, type SumAndCount } from "./meanRule.js";
import { StreamingMetric } from "./streamingMetric.js";

/**
 * Mean absolute error over all elements, in the unit of the targets.
 *
 * Predictions and targets have the same shape, apart from dimensions of size 1.
 */
export function meanAbsoluteError(): StreamingMetric<SumAndCount> {
  return new StreamingMetric(
    meanRule((predictions, targets) => {
      const errors = abs(sub(predictions, alignTargets(predictions, targets)));
      return [sum(errors), scalar(errors.size)];
    }),
  );
}

/**
 * Mean squared error over all elements, in the squared unit of the targets.
 *
 * Predictions and targets have the same shape, apart from dimensions of size 1.
 */
export function meanSquaredError(): StreamingMetric<SumAndCount> {
  return new StreamingMetric(
    meanRule((predictions, targets) => {
      const errors = squaredDifference(predictions, alignTargets(predictions, targets));
      return [sum(errors), scalar(errors.size)];
    }),
  );
}

/** The sums from which R² is computed, with one entry per column of the targets. */
export interface R2Sums {
  /** Number of examples. */
  readonly count: number;
  /** The mean of the targets. */
  readonly means: readonly number[];
  /** The sum of the squared distances of the targets from their mean. */
  readonly scatter: readonly number[];
  /** The sum of the squared errors. */
  readonly errors: readonly number[];
}

/**
 * Coefficient of determination R²: 1 − (sum of squared errors) / (sum of squared distances of the targets from their mean).
 * It is at most 1, and has no unit.
 *
 * Predictions and targets have the same shape, `[examples]` or `[examples, columns]`, apart from dimensions of size 1. With
 * several columns the result is the mean of their scores. If all targets of a column are equal, its score is 1 for exact
 * predictions and 0 otherwise. With fewer than two examples the result is NaN.
 *
 * Batches are combined by the parallel algorithm of Chan, Golub and LeVeque (1983), so a large mean costs no precision.
 */
export function r2Score(): StreamingMetric<R2Sums> {
  return new StreamingMetric<R2Sums>({
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
