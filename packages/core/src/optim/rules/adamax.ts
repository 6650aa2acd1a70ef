import { abs, add, div, maximum, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import { chained, movingMean, penalized } from "./updateMath.js";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";

/** The settings of Adamax. */
export interface AdamaxOptions {
  /** The decay rates of the gradient's running mean and of its largest size. @defaultValue [0.9, 0.999] */
  readonly betas: readonly [number, number];
  /** Added to the gradient's size so that the denominator is never zero. @defaultValue 1e-8 */
  readonly eps: number;
  /** The factor of the L2 penalty, added to the gradient. @defaultValue 0 */
  readonly weightDecay: number;
}

const defaults: AdamaxOptions = { betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 };

/** The update of Adamax as PyTorch defines it. */
export const adamaxRule: UpdateRule<
  AdamaxOptions,
  { readonly mean: Tensor; readonly largest: Tensor },
  "newInMean" | "oldInLargest" | "stepSize" | "eps" | "weightDecay"
> = {
  name: "adamax",
  slots: () => ({ mean: 0, largest: 0 }),
  scalars: ({ lr, betas: [beta1, beta2], eps, weightDecay }, step) => ({
    newInMean: 1 - beta1,
    oldInLargest: beta2,
    stepSize: lr / (1 - beta1 ** step),
    eps,
    weightDecay,
  }),
  update(input) {
    const { param, slots, scalars } = input;
    const grad = penalized(input);
    const mean = movingMean(slots.mean, grad, scalars.newInMean);
    const size = chained(abs(grad), (size) => add(size, scalars.eps));
    const largest = chained(
      slots.largest,
      (largest) => mul(largest, scalars.oldInLargest),
      (before) => maximum(before, size),
    );
    size.dispose();
    const next = chained(
      div(mean, largest),
      (direction) => mul(direction, scalars.stepSize),
      (change) => sub(param, change),
    );
    return { param: next, slots: { mean, largest } };
  },
};

/**
 * Adamax (Kingma and Ba 2015, section 7.1), as in PyTorch: Adam with the largest gradient in place of the mean square.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function adamax(options: OptimizerOptions<AdamaxOptions>): RuleOptimizer<AdamaxOptions> {
  return makeOptimizer(adamaxRule, defaults, options);
}
