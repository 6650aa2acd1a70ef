import {
  abs,
  cast,
  div,
  reshape,
  scalar,
  square,
  squaredDifference,
  sub,
  sum,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { alignTargets } from "./targets.js";
import { totalWeight, weighted, weightsFor } from "./exampleWeights.js";
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
    meanRule((predictions, targets, weights) =>
      meanOfErrors(abs(sub(predictions, alignTargets(predictions, targets))), weights),
    ),
  );
}

/**
 * Mean squared error over all elements, in the squared unit of the targets.
 *
 * Predictions and targets have the same shape, apart from dimensions of size 1.
 */
export function meanSquaredError(): StreamingMetric<SumAndCount> {
  return new StreamingMetric(
    meanRule((predictions, targets, weights) =>
      meanOfErrors(squaredDifference(predictions, alignTargets(predictions, targets)), weights),
    ),
  );
}

function meanOfErrors(errors: Tensor, given: Tensor | null): [sum: Tensor, count: Tensor] {
  const weights = weightsFor(given, errors, errors.size);
  return [sum(weighted(reshape(errors, [-1]), weights)), totalWeight(errors.size, weights)];
}

/** The sums from which R² is computed, with one entry per column of the targets. With weights, all sums are weighted. */
export interface R2Sums {
  /** Number of examples. */
  readonly examples: number;
  /** Number of examples, or the sum of their weights. */
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
    empty: { examples: 0, count: 0, means: [], scatter: [], errors: [] },
    takesWeights: true,
    measure: (predictions, targets, given) => {
      const columns = columnsOf(predictions);
      const predicted = reshape(cast(predictions, "float32"), [-1, columns]);
      const actual = reshape(cast(alignTargets(predictions, targets), "float32"), [-1, columns]);
      const examples = predicted.size / columns;
      const weights = weightsFor(given, predicted, examples);
      const total = totalWeight(examples, weights);
      const means = div(sum(weighted(actual, weights), 0), total);
      const distances = sub(actual, means);
      return [
        scalar(examples),
        total,
        means,
        // A large mean is rounded in float32; this is what it lacks.
        div(sum(weighted(distances, weights), 0), total),
        sum(weighted(square(distances), weights), 0),
        sum(weighted(squaredDifference(actual, predicted), weights), 0),
      ];
    },
    add: (before, ...[[size = 0] = [], [count = 0] = [], means = none, lacks = none, ...sums]) => {
      const [scatter = none, errors = none] = sums;
      const examples = before.examples + size;
      // The mean of examples that all have the weight 0 is NaN.
      if (count === 0) return { ...before, examples };
      const all = before.count + count;
      const gaps = Array.from(means, (value, at) => value + (lacks[at] ?? NaN) - (before.means[at] ?? 0));
      const scatterOf = (at: number): number =>
        Math.max(0, (scatter[at] ?? NaN) - count * (lacks[at] ?? NaN) ** 2);
      return {
        examples,
        count: all,
        means: gaps.map((gap, at) => (before.means[at] ?? 0) + (gap * count) / all),
        scatter: gaps.map(
          (gap, at) => (before.scatter[at] ?? 0) + scatterOf(at) + (gap * gap * before.count * count) / all,
        ),
        errors: gaps.map((_, at) => (before.errors[at] ?? 0) + (errors[at] ?? NaN)),
      };
    },
    result: ({ examples, scatter, errors }) => {
      if (examples < 2) return NaN;
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
