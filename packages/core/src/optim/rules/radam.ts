import { add, div, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";
import { chained, movingMean, movingMeanSquare, withWeightDecay } from "./updateMath.js";

/** The settings of {@link radam}. */
export interface RadamSettings {
  /** Decay rates of the moving averages of the gradient and of its square, from 0 to below 1. @defaultValue [0.9, 0.999] */
  readonly betas: readonly [number, number];
  /** Added to the denominator for numerical stability. @defaultValue 1e-8 */
  readonly eps: number;
  /** Weight decay: an L2 penalty, or decoupled if `decoupledWeightDecay` is set. @defaultValue 0 */
  readonly weightDecay: number;
  /** Whether the weight decay is decoupled, as in AdamW. @defaultValue false */
  readonly decoupledWeightDecay: boolean;
}

/** The options of {@link radam}: `lr`, any of its settings, and parameter groups. */
export type RadamOptions = OptimizerOptions<RadamSettings>;

/** The default settings of RAdam; NAdam shares them. */
export const radamDefaults: RadamSettings = {
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  decoupledWeightDecay: false,
};

/**
 * Computes the variance rectification factor (Liu et al. 2020, algorithm 2).
 *
 * @returns `null` while the moving average is too short to have a finite variance.
 */
function rectification(beta2: number, step: number): number | null {
  const longest = 2 / (1 - beta2) - 1;
  const length = longest - (2 * step * beta2 ** step) / (1 - beta2 ** step);
  if (length <= 5) return null;
  return Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
}

/**
 * The update rule of RAdam (Liu et al. 2020, algorithm 2), as in PyTorch.
 *
 * `m ← β₁·m + (1 − β₁)·g`, `v ← β₂·v + (1 − β₂)·g²`, `θ ← θ − lr/(1 − β₁ᵗ) · m · r · √(1 − β₂ᵗ) / (√v + ε)` with the
 * rectification factor `r`. The steps before `r` exists are `θ ← θ − lr/(1 − β₁ᵗ) · m`.
 */
export const radamRule: UpdateRule<
  RadamSettings,
  { readonly mean: Tensor; readonly meanSquare: Tensor },
  | "oneMinusBeta1"
  | "beta2"
  | "oneMinusBeta2"
  | "stepSize"
  | "plain"
  | "rectified"
  | "eps"
  | "weightDecay"
  | "shrink"
> = {
  name: "radam",
  slots: () => ({ mean: 0, meanSquare: 0 }),
  scalars: ({ lr, betas: [beta1, beta2], eps, weightDecay }, step) => {
    const factor = rectification(beta2, step);
    return {
      oneMinusBeta1: 1 - beta1,
      beta2,
      oneMinusBeta2: 1 - beta2,
      stepSize: lr / (1 - beta1 ** step),
      // One of the two is 0, so both kinds of step run the same graph.
      plain: factor === null ? 1 : 0,
      rectified: factor === null ? 0 : factor * Math.sqrt(1 - beta2 ** step),
      eps,
      weightDecay,
      shrink: 1 - lr * weightDecay,
    };
  },
  update(input) {
    const { slots, scalars, options } = input;
    const { param, grad } = withWeightDecay(input, options.decoupledWeightDecay);
    const mean = movingMean(slots.mean, grad, scalars.oneMinusBeta1);
    const { beta2, oneMinusBeta2, plain, rectified } = scalars;
    const meanSquare = movingMeanSquare(slots.meanSquare, grad, beta2, oneMinusBeta2);
    const next = chained(
      sqrt(meanSquare),
      (root) => add(root, scalars.eps),
      (denominator) => div(rectified, denominator),
      (rectification) => add(rectification, plain),
      (scale) => mul(mean, scale),
      (direction) => mul(direction, scalars.stepSize),
      (change) => sub(param, change),
    );
    return { param: next, slots: { mean, meanSquare } };
  },
};

/**
 * Creates a rectified Adam optimizer (Liu et al. 2020) that takes the same steps as PyTorch's `RAdam`.
 *
 * RAdam is Adam that needs no learning-rate warm-up.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function radam(options: RadamOptions): RuleOptimizer<RadamSettings> {
  return makeOptimizer(radamRule, radamDefaults, options);
}
