import { add, div, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { chained, decayed, movingMean, movingMeanSquare } from "./updateMath.js";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";

/** The settings of RAdam. */
export interface RadamOptions {
  /** The decay rates of the running means of the gradient and of its square. @defaultValue [0.9, 0.999] */
  readonly betas: readonly [number, number];
  /** Added to the denominator so that it is never zero. @defaultValue 1e-8 */
  readonly eps: number;
  /** The weight decay: an L2 penalty, or a shrinking of the weights where it is decoupled. @defaultValue 0 */
  readonly weightDecay: number;
  /** Whether the weights shrink apart from the gradient, as in AdamW. @defaultValue false */
  readonly decoupledWeightDecay: boolean;
}

/** The settings of RAdam, and of NAdam as far as it shares them, that hold when others are not given. */
export const radamDefaults: RadamOptions = {
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  decoupledWeightDecay: false,
};

/**
 * How far the mean square can be trusted at a step: the rectification factor, or `null` while the average is too short
 * for its variance to be known (Liu et al. 2020, algorithm 2).
 */
function rectification(beta2: number, step: number): number | null {
  const longest = 2 / (1 - beta2) - 1;
  const length = longest - (2 * step * beta2 ** step) / (1 - beta2 ** step);
  if (length <= 5) return null;
  return Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
}

/** The update of RAdam as PyTorch defines it: plain momentum until the mean square can be trusted, rectified Adam after. */
export const radamRule: UpdateRule<
  RadamOptions,
  { readonly mean: Tensor; readonly meanSquare: Tensor },
  | "newInMean"
  | "oldInMeanSquare"
  | "newInMeanSquare"
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
      newInMean: 1 - beta1,
      oldInMeanSquare: beta2,
      newInMeanSquare: 1 - beta2,
      stepSize: lr / (1 - beta1 ** step),
      // One of the two is 0, so that both kinds of step are the same graph.
      plain: factor === null ? 1 : 0,
      rectified: factor === null ? 0 : factor * Math.sqrt(1 - beta2 ** step),
      eps,
      weightDecay,
      shrink: 1 - lr * weightDecay,
    };
  },
  update(input) {
    const { slots, scalars, options } = input;
    const { param, grad } = decayed(input, options.decoupledWeightDecay);
    const mean = movingMean(slots.mean, grad, scalars.newInMean);
    const { oldInMeanSquare, newInMeanSquare, plain, rectified } = scalars;
    const meanSquare = movingMeanSquare(slots.meanSquare, grad, oldInMeanSquare, newInMeanSquare);
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
 * Rectified Adam (Liu et al. 2020), as in PyTorch: Adam that needs no warm-up.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function radam(options: OptimizerOptions<RadamOptions>): RuleOptimizer<RadamOptions> {
  return makeOptimizer(radamRule, radamDefaults, options);
}
