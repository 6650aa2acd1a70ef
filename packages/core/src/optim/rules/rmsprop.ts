import { add, div, maximum, mul, sqrt, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";
import { chained, movingMean, movingMeanSquare, withL2Penalty } from "./updateMath.js";

/** The settings of {@link rmsprop}. */
export interface RmspropSettings {
  /** Decay rate of the moving average of squared gradients, from 0 to below 1. @defaultValue 0.99 */
  readonly alpha: number;
  /** Added to the denominator for numerical stability. @defaultValue 1e-8 */
  readonly eps: number;
  /** Momentum: the factor on the previous velocity. @defaultValue 0 */
  readonly momentum: number;
  /** Whether the variance of the gradients replaces their mean square (Graves 2013). @defaultValue false */
  readonly centered: boolean;
  /** Coefficient of the L2 penalty, which is added to the gradient. @defaultValue 0 */
  readonly weightDecay: number;
}

/** The options of {@link rmsprop}: `lr`, any of its settings, and parameter groups. */
export type RmspropOptions = OptimizerOptions<RmspropSettings>;

const defaults: RmspropSettings = { alpha: 0.99, eps: 1e-8, momentum: 0, centered: false, weightDecay: 0 };

type RmspropSlots = { readonly meanSquare: Tensor; readonly mean?: Tensor; readonly velocity?: Tensor };

/**
 * The update rule of RMSprop (Tieleman and Hinton 2012; centered: Graves 2013), as in PyTorch.
 *
 * `v ← α·v + (1 − α)·g²`, `d = g / (√v + ε)`, `θ ← θ − lr·d`. With momentum, `b ← momentum·b + d` replaces `d`. If
 * centered, `v − a²` replaces `v` in the root, where `a` is the moving average of `g`.
 */
export const rmspropRule: UpdateRule<
  RmspropSettings,
  RmspropSlots,
  "lr" | "alpha" | "oneMinusAlpha" | "eps" | "momentum" | "weightDecay"
> = {
  name: "rmsprop",
  slots: ({ momentum, centered }) => ({
    meanSquare: 0,
    ...(centered ? { mean: 0 } : {}),
    ...(momentum === 0 ? {} : { velocity: 0 }),
  }),
  scalars: ({ lr, alpha, eps, momentum, weightDecay }) => ({
    lr,
    alpha,
    oneMinusAlpha: 1 - alpha,
    eps,
    momentum,
    weightDecay,
  }),
  update(input) {
    const { param, slots, scalars } = input;
    const grad = withL2Penalty(input);
    const meanSquare = movingMeanSquare(slots.meanSquare, grad, scalars.alpha, scalars.oneMinusAlpha);
    const mean = slots.mean === undefined ? undefined : movingMean(slots.mean, grad, scalars.oneMinusAlpha);
    // If the gradient hardly changes, rounding can make the variance slightly negative, and its root would be NaN.
    const root =
      mean === undefined
        ? sqrt(meanSquare)
        : chained(
            square(mean),
            (squared) => sub(meanSquare, squared),
            (variance) => maximum(variance, 0),
            sqrt,
          );
    const scaled = chained(
      root,
      (root) => add(root, scalars.eps),
      (denominator) => div(grad, denominator),
    );
    const velocity =
      slots.velocity === undefined
        ? undefined
        : chained(
            slots.velocity,
            (velocity) => mul(velocity, scalars.momentum),
            (before) => add(before, scaled),
          );
    return {
      param: chained(mul(velocity ?? scaled, scalars.lr), (change) => sub(param, change)),
      slots: {
        meanSquare,
        ...(mean === undefined ? {} : { mean }),
        ...(velocity === undefined ? {} : { velocity }),
      },
    };
  },
};

/**
 * Creates an RMSprop optimizer (Tieleman and Hinton 2012) that takes the same steps as PyTorch's `RMSprop`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function rmsprop(options: RmspropOptions): RuleOptimizer<RmspropSettings> {
  return makeOptimizer(rmspropRule, defaults, options);
}
