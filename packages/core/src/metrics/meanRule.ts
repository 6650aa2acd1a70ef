import type { Tensor } from "@tensorflow/tfjs-core";
import type { Measure, MetricRule } from "./accumulation.js";
import { requireInRange } from "./targets.js";

/** A sum of values, and their number; with weights, the sum of the weighted values, and of the weights. */
export interface SumAndCount {
  readonly sum: number;
  readonly count: number;
}

/**
 * Creates the rule of a metric that is a mean.
 *
 * @param measure - Computes the sum and the count of a batch as scalars, and the range of its labels if it has labels.
 * @param result - Computes the metric's value from the totals.
 */
export function meanRule(
  measure: (
    predictions: Tensor,
    targets: Tensor,
    weights: Tensor | null,
  ) => readonly [sum: Tensor, count: Tensor] | readonly [sum: Tensor, count: Tensor, range: Tensor],
  result: (total: SumAndCount) => number = meanOf,
): MetricRule<SumAndCount> {
  return {
    empty: { sum: 0, count: 0 },
    takesWeights: true,
    measure,
    add: (total, [sum = NaN] = [], [count = NaN] = [], range?: Measure) => {
      if (range !== undefined) requireInRange(range);
      return { sum: total.sum + sum, count: total.count + count };
    },
    result,
  };
}

/** The mean; NaN before the first batch. */
export function meanOf({ sum, count }: SumAndCount): number {
  return sum / count;
}
