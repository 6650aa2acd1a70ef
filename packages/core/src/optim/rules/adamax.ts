import { abs, add, div, maximum, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";
import { chained, movingMean, withL2Penalty } from "./updateMath.js";

/** The settings of {@link adamax}. */
export interface AdamaxSettings {
  /** Decay rates of the moving average of the gradient and of its infinity norm, from 0 to below 1. @defaultValue [0.9, 0.999] */
  readonly betas: readonly [number, number];
  /** Added to the gradient's absolute value for numerical stability. @defaultValue 1e-8 */
  readonly eps: number;
  /** Coefficient of the L2 penalty, which is added to the gradient. @defaultValue 0 */
  readonly weightDecay: number;
}

/** The options of {@link adamax}: `lr`, any of its settings, and parameter groups. */
export type AdamaxOptions = OptimizerOptions<AdamaxSettings>;

const defaults: AdamaxSettings = { betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 };

/**
 * The update rule of Adamax (Kingma and Ba 2015, algorithm 2), as in PyTorch.
 *
 * `m ← β₁·m + (1 − β₁)·g`, `u ← max(β₂·u, |g| + ε)`, `θ ← θ − lr/(1 − β₁ᵗ) · m / u`.
 */
export const adamaxRule: UpdateRule<
  AdamaxSettings,
  { readonly mean: Tensor; readonly largest: Tensor },
  "oneMinusBeta1" | "beta2" | "stepSize" | "eps" | "weightDecay"
> = {
  name: "adamax",
  slots: () => ({ mean: 0, largest: 0 }),
  scalars: ({ lr, betas: [beta1, beta2], eps, weightDecay }, step) => ({
    oneMinusBeta1: 1 - beta1,
    beta2,
    stepSize: lr / (1 - beta1 ** step),
    eps,
    weightDecay,
  }),
  update(input) {
    const { param, slots, scalars } = input;
    const grad = withL2Penalty(input);
    const mean = movingMean(slots.mean, grad, scalars.oneMinusBeta1);
    const size = chained(abs(grad), (size) => add(size, scalars.eps));
    const largest = chained(
      slots.largest,
      (largest) => mul(largest, scalars.beta2),
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
 * Creates an Adamax optimizer (Kingma and Ba 2015, section 7.1) that takes the same steps as PyTorch's `Adamax`.
 *
 * Adamax is Adam with the infinity norm of the gradient in place of its mean square.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function adamax(options: AdamaxOptions): RuleOptimizer<AdamaxSettings> {
  return makeOptimizer(adamaxRule, defaults, options);
}
