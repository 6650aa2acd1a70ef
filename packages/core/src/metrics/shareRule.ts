import type { Tensor } from "@tensorflow/tfjs-core";
import type { Measure, MetricRule } from "./accumulation.js";
import { requireInRange } from "./labelRange.js";

/** A sum together with what it is a sum over. */
export interface Share {
  readonly sum: number;
  readonly count: number;
}

/**
 * A rule for all that is a sum over a count.
 *
 * @param measure - A batch's sum and count, as scalars, and the range of its labels where it has some.
 * @param result - What they come to.
 */
export function shareRule(
  measure: (
    predictions: Tensor,
    targets: Tensor,
  ) => readonly [sum: Tensor, count: Tensor] | readonly [sum: Tensor, count: Tensor, range: Tensor],
  result: (total: Share) => number,
): MetricRule<Share> {
  return {
    empty: { sum: 0, count: 0 },
    measure,
    add: (total, [sum = NaN] = [], [count = NaN] = [], range?: Measure) => {
      if (range !== undefined) requireInRange(range);
      return { sum: total.sum + sum, count: total.count + count };
    },
    result,
  };
}

/** The sum divided by the count; NaN before the first batch. */
export function share({ sum, count }: Share): number {
  return sum / count;
}
