import { add, div, maximum, mul, sqrt, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { chained, movingMean, movingMeanSquare, penalized } from "./updateMath.js";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";

/** The settings of RMSprop. */
export interface RmspropOptions {
  /** How much of the running mean of squared gradients is kept at a step. @defaultValue 0.99 */
  readonly alpha: number;
  /** Added to the denominator so that it is never zero. @defaultValue 1e-8 */
  readonly eps: number;
  /** How much of the last step's velocity is kept. @defaultValue 0 */
  readonly momentum: number;
  /** Whether the squared gradients are taken about their mean, so that their variance scales the step. @defaultValue false */
  readonly centered: boolean;
  /** The factor of the L2 penalty, added to the gradient. @defaultValue 0 */
  readonly weightDecay: number;
}

const defaults: RmspropOptions = { alpha: 0.99, eps: 1e-8, momentum: 0, centered: false, weightDecay: 0 };

type RmspropSlots = { readonly meanSquare: Tensor; readonly mean?: Tensor; readonly velocity?: Tensor };

/** The update of RMSprop as PyTorch defines it: `eps` is added after the root is taken. */
export const rmspropRule: UpdateRule<
  RmspropOptions,
  RmspropSlots,
  "lr" | "kept" | "intake" | "eps" | "momentum" | "weightDecay"
> = {
  name: "rmsprop",
  slots: ({ momentum, centered }) => ({
    meanSquare: 0,
    ...(centered ? { mean: 0 } : {}),
    ...(momentum === 0 ? {} : { velocity: 0 }),
  }),
  scalars: ({ lr, alpha, eps, momentum, weightDecay }) => ({
    lr,
    kept: alpha,
    intake: 1 - alpha,
    eps,
    momentum,
    weightDecay,
  }),
  update(input) {
    const { param, slots, scalars } = input;
    const grad = penalized(input);
    const meanSquare = movingMeanSquare(slots.meanSquare, grad, scalars.kept, scalars.intake);
    const mean = slots.mean === undefined ? undefined : movingMean(slots.mean, grad, scalars.intake);
    // Where the gradient hardly changes, rounding can take the variance just below zero, and its root would be NaN.
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
 * RMSprop (Tieleman and Hinton 2012; centered: Graves 2013), as in PyTorch.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function rmsprop(options: OptimizerOptions<RmspropOptions>): RuleOptimizer<RmspropOptions> {
  return makeOptimizer(rmspropRule, defaults, options);
}
