import { add, div, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { chained } from "./chained.js";
import { decayed } from "./decayed.js";
import { makeOptimizer, type OptimizerOptions } from "./makeOptimizer.js";
import { movingMean, movingMeanSquare } from "./movingMean.js";
import { nadamMomentum } from "./nadamMomentum.js";
import { radamDefaults, type RadamOptions } from "./radam.js";
import type { RuleOptimizer } from "./ruleOptimizer.js";
import type { UpdateRule } from "./updateRule.js";

/** The settings of NAdam: those of RAdam, and how its momentum warms up. */
export interface NadamOptions extends RadamOptions {
  /** How fast the momentum warms up. @defaultValue 0.004 */
  readonly momentumDecay: number;
}

const defaults: NadamOptions = { ...radamDefaults, momentumDecay: 0.004 };

/** The update of NAdam as PyTorch defines it, with the product of momenta taken at the present `betas`. */
export const nadamRule: UpdateRule<
  NadamOptions,
  { readonly mean: Tensor; readonly meanSquare: Tensor },
  | "newInMean"
  | "oldInMeanSquare"
  | "newInMeanSquare"
  | "gradStep"
  | "meanStep"
  | "correction"
  | "eps"
  | "weightDecay"
  | "shrink"
> = {
  name: "nadam",
  slots: () => ({ mean: 0, meanSquare: 0 }),
  scalars: ({ lr, betas: [beta1, beta2], eps, weightDecay, momentumDecay }, step) => {
    const now = nadamMomentum(beta1, momentumDecay, step);
    const next = nadamMomentum(beta1, momentumDecay, step + 1);
    return {
      newInMean: 1 - beta1,
      oldInMeanSquare: beta2,
      newInMeanSquare: 1 - beta2,
      gradStep: (lr * (1 - now.momentum)) / (1 - now.product),
      meanStep: (lr * next.momentum) / (1 - next.product),
      correction: 1 - beta2 ** step,
      eps,
      weightDecay,
      shrink: 1 - lr * weightDecay,
    };
  },
  update(input) {
    const { slots, scalars, options } = input;
    const { param, grad } = decayed(input, options.decoupledWeightDecay);
    const { newInMean, oldInMeanSquare, newInMeanSquare, gradStep, meanStep, correction, eps } = scalars;
    const mean = movingMean(slots.mean, grad, newInMean);
    const meanSquare = movingMeanSquare(slots.meanSquare, grad, oldInMeanSquare, newInMeanSquare);
    const denominator = chained(div(meanSquare, correction), sqrt, (root) => add(root, eps));
    const fromGrad = mul(grad, gradStep);
    const next = chained(
      mul(mean, meanStep),
      (fromMean) => add(fromGrad, fromMean),
      (ahead) => div(ahead, denominator),
      (change) => sub(param, change),
    );
    return { param: next, slots: { mean, meanSquare } };
  },
};

/**
 * NAdam (Dozat 2016), as in PyTorch: Adam with Nesterov's look-ahead and a momentum that warms up.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function nadam(options: OptimizerOptions<NadamOptions>): RuleOptimizer<NadamOptions> {
  return makeOptimizer(nadamRule, defaults, options);
}
