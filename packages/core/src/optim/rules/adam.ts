import { add, div, maximum, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { chained, decayed, movingMean, movingMeanSquare } from "./updateMath.js";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";

/** The settings of Adam and AdamW. */
export interface AdamOptions {
  /** The decay rates of the running means of the gradient and of its square. @defaultValue [0.9, 0.999] */
  readonly betas: readonly [number, number];
  /** Added to the denominator so that it is never zero. @defaultValue 1e-8 */
  readonly eps: number;
  /** The weight decay: an L2 penalty in Adam, a shrinking of the weights themselves in AdamW. @defaultValue 0, AdamW 0.01 */
  readonly weightDecay: number;
  /** Whether the denominator uses the largest mean square so far (Reddi et al. 2018). @defaultValue false */
  readonly amsgrad: boolean;
}

const adamDefaults: AdamOptions = { betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false };
const adamwDefaults: AdamOptions = { ...adamDefaults, weightDecay: 0.01 };

type AdamSlots = { readonly mean: Tensor; readonly meanSquare: Tensor; readonly maxMeanSquare?: Tensor };
type AdamScalar =
  | "newInMean"
  | "oldInMeanSquare"
  | "newInMeanSquare"
  | "stepSize"
  | "rootCorrection"
  | "eps"
  | "weightDecay"
  | "shrink";
type AdamRule = UpdateRule<AdamOptions, AdamSlots, AdamScalar>;

/** The update that Adam and AdamW share; they differ in how the weights decay before it. */
function makeRule(name: string, isDecoupled: boolean): AdamRule {
  return {
    name,
    slots: ({ amsgrad }) => ({ mean: 0, meanSquare: 0, ...(amsgrad ? { maxMeanSquare: 0 } : {}) }),
    scalars: ({ lr, betas: [beta1, beta2], eps, weightDecay }, step) => ({
      newInMean: 1 - beta1,
      oldInMeanSquare: beta2,
      newInMeanSquare: 1 - beta2,
      stepSize: lr / (1 - beta1 ** step),
      rootCorrection: Math.sqrt(1 - beta2 ** step),
      eps,
      weightDecay,
      shrink: 1 - lr * weightDecay,
    }),
    update(input) {
      const { slots, scalars } = input;
      const { newInMean, oldInMeanSquare, newInMeanSquare, stepSize, rootCorrection, eps } = scalars;
      const { param, grad } = decayed(input, isDecoupled);
      const mean = movingMean(slots.mean, grad, newInMean);
      const meanSquare = movingMeanSquare(slots.meanSquare, grad, oldInMeanSquare, newInMeanSquare);
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

/** The update of Adam as PyTorch defines it. */
export const adamRule: AdamRule = makeRule("adam", false);

/** The update of AdamW: the weights shrink by `lr · weightDecay`, apart from the gradient. */
export const adamwRule: AdamRule = makeRule("adamw", true);

/**
 * Adam (Kingma and Ba 2015) with PyTorch's defaults; its weight decay is an L2 penalty on the gradient.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * configureOptimizers() { return adam({ lr: this.hparams.lr }); }
 * ```
 */
export function adam(options: OptimizerOptions<AdamOptions>): RuleOptimizer<AdamOptions> {
  return makeOptimizer(adamRule, adamDefaults, options);
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019) and PyTorch's defaults.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function adamw(options: OptimizerOptions<AdamOptions>): RuleOptimizer<AdamOptions> {
  return makeOptimizer(adamwRule, adamwDefaults, options);
}
