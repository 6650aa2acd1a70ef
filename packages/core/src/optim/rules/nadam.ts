import { add, div, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";
import { radamDefaults, type RadamOptions } from "./radam.js";
import { chained, decayed, movingMean, movingMeanSquare } from "./updateMath.js";

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

/** NAdam's momentum at a step, and the product of all momenta up to it. */
export interface NadamMomentum {
  readonly momentum: number;
  readonly product: number;
}

/**
 * The momentum of NAdam at a step counted from 1, `β1 · (1 − 0.5 · 0.96^(step · decay))`, and the product of the momenta
 * up to that step (Dozat 2016).
 *
 * The product is split into `β1^step` and a product that depends on `decay` alone, whose prefixes are remembered, so that
 * a step costs O(1) amortised.
 */
export function nadamMomentum(beta1: number, decay: number, step: number): NadamMomentum {
  const power = beta1 ** step;
  // Below this, 1 − product is 1 in float64 whatever the rest is, so that what is remembered stays short.
  const product = power < Number.EPSILON / 4 ? 0 : power * dampingProduct(decay, step);
  return { momentum: beta1 * damping(decay, step), product };
}

function damping(decay: number, step: number): number {
  return 1 - 0.5 * 0.96 ** (step * decay);
}

const prefixes = new Map<number, number[]>();

/** The product of the dampings of steps 1 to `step`. */
function dampingProduct(decay: number, step: number): number {
  const products = prefixes.get(decay) ?? [1];
  prefixes.set(decay, products);
  for (let at = products.length; at <= step; at++)
    products.push((products[at - 1] ?? 1) * damping(decay, at));
  return products[step] ?? 0;
}
