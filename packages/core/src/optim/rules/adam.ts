import { add, div, maximum, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";
import { chained, movingMean, movingMeanSquare, withWeightDecay } from "./updateMath.js";

/** The settings of {@link adam} and {@link adamw}. */
export interface AdamSettings {
  /** Decay rates of the moving averages of the gradient and of its square, from 0 to below 1. @defaultValue [0.9, 0.999] */
  readonly betas: readonly [number, number];
  /** Added to the denominator for numerical stability. @defaultValue 1e-8 */
  readonly eps: number;
  /** Weight decay: an L2 penalty in Adam, decoupled in AdamW. @defaultValue 0 for Adam, 0.01 for AdamW */
  readonly weightDecay: number;
  /** Whether the denominator uses the maximum of all past mean squares (Reddi et al. 2018). @defaultValue false */
  readonly amsgrad: boolean;
}

/** The options of {@link adam} and {@link adamw}: `lr`, any of its settings, and parameter groups. */
export type AdamOptions = OptimizerOptions<AdamSettings>;

const adamDefaults: AdamSettings = { betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false };
const adamwDefaults: AdamSettings = { ...adamDefaults, weightDecay: 0.01 };

type AdamSlots = { readonly mean: Tensor; readonly meanSquare: Tensor; readonly maxMeanSquare?: Tensor };
type AdamScalar =
  | "oneMinusBeta1"
  | "beta2"
  | "oneMinusBeta2"
  | "stepSize"
  | "rootCorrection"
  | "eps"
  | "weightDecay"
  | "shrink";
type AdamRule = UpdateRule<AdamSettings, AdamSlots, AdamScalar>;

/**
 * Makes the update rule of Adam or AdamW, which differ only in the weight decay before the update.
 *
 * `m ← β₁·m + (1 − β₁)·g`, `v ← β₂·v + (1 − β₂)·g²`, `θ ← θ − lr/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)`.
 */
function makeRule(name: string, isDecoupled: boolean): AdamRule {
  return {
    name,
    slots: ({ amsgrad }) => ({ mean: 0, meanSquare: 0, ...(amsgrad ? { maxMeanSquare: 0 } : {}) }),
    scalars: ({ lr, betas: [beta1, beta2], eps, weightDecay }, step) => ({
      oneMinusBeta1: 1 - beta1,
      beta2,
      oneMinusBeta2: 1 - beta2,
      stepSize: lr / (1 - beta1 ** step),
      rootCorrection: Math.sqrt(1 - beta2 ** step),
      eps,
      weightDecay,
      shrink: 1 - lr * weightDecay,
    }),
    update(input) {
      const { slots, scalars } = input;
      const { oneMinusBeta1, beta2, oneMinusBeta2, stepSize, rootCorrection, eps } = scalars;
      const { param, grad } = withWeightDecay(input, isDecoupled);
      const mean = movingMean(slots.mean, grad, oneMinusBeta1);
      const meanSquare = movingMeanSquare(slots.meanSquare, grad, beta2, oneMinusBeta2);
      const largest =
        slots.maxMeanSquare === undefined ? undefined : maximum(slots.maxMeanSquare, meanSquare);
      const next = chained(
        sqrt(largest ?? meanSquare),
        (root) => div(root, rootCorrection),
        (root) => add(root, eps),
        (denominator) => div(mean, denominator),
        (direction) => mul(direction, stepSize),
        (change) => sub(param, change),
      );
      return {
        param: next,
        slots: largest === undefined ? { mean, meanSquare } : { mean, meanSquare, maxMeanSquare: largest },
      };
    },
  };
}

/** The update rule of Adam (Kingma and Ba 2015, algorithm 1), as in PyTorch. */
export const adamRule: AdamRule = makeRule("adam", false);

/** The update rule of AdamW (Loshchilov and Hutter 2019, algorithm 2), as in PyTorch. */
export const adamwRule: AdamRule = makeRule("adamw", true);

/**
 * Creates an Adam optimizer (Kingma and Ba 2015) that takes the same steps as PyTorch's `Adam`.
 *
 * Its weight decay is an L2 penalty on the gradient.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 * @example
 * ```ts
 * configureOptimizers() { return adam({ lr: this.hparams.lr }); }
 * ```
 */
export function adam(options: AdamOptions): RuleOptimizer<AdamSettings> {
  return makeOptimizer(adamRule, adamDefaults, options);
}

/**
 * Creates an AdamW optimizer (Loshchilov and Hutter 2019) that takes the same steps as PyTorch's `AdamW`.
 *
 * Its weight decay is decoupled: each step multiplies the weights by `1 − lr · weightDecay`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function adamw(options: AdamOptions): RuleOptimizer<AdamSettings> {
  return makeOptimizer(adamwRule, adamwDefaults, options);
}
