import { add, div, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";
import { radamDefaults, type RadamSettings } from "./radam.js";
import { chained, movingMean, movingMeanSquare, withWeightDecay } from "./updateMath.js";

/** The settings of {@link nadam}: those of RAdam and the momentum decay. */
export interface NadamSettings extends RadamSettings {
  /** Speed of the momentum warm-up. @defaultValue 0.004 */
  readonly momentumDecay: number;
}

/** The options of {@link nadam}: `lr`, any of its settings, and parameter groups. */
export type NadamOptions = OptimizerOptions<NadamSettings>;

const defaults: NadamSettings = { ...radamDefaults, momentumDecay: 0.004 };

/**
 * The update rule of NAdam (Dozat 2016), as in PyTorch.
 *
 * `m ← β₁·m + (1 − β₁)·g`, `v ← β₂·v + (1 − β₂)·g²`,
 * `θ ← θ − lr · ((1 − μₜ)/(1 − Πₜ) · g + μₜ₊₁/(1 − Πₜ₊₁) · m) / (√(v / (1 − β₂ᵗ)) + ε)`, with `μ` and `Π` from
 * {@link nadamMomentum}. Unlike PyTorch, the product `Π` uses the current `betas`, so a schedule may change them.
 */
export const nadamRule: UpdateRule<
  NadamSettings,
  { readonly mean: Tensor; readonly meanSquare: Tensor },
  | "oneMinusBeta1"
  | "beta2"
  | "oneMinusBeta2"
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
      oneMinusBeta1: 1 - beta1,
      beta2,
      oneMinusBeta2: 1 - beta2,
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
    const { param, grad } = withWeightDecay(input, options.decoupledWeightDecay);
    const { oneMinusBeta1, beta2, oneMinusBeta2, gradStep, meanStep, correction, eps } = scalars;
    const mean = movingMean(slots.mean, grad, oneMinusBeta1);
    const meanSquare = movingMeanSquare(slots.meanSquare, grad, beta2, oneMinusBeta2);
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
 * Creates an NAdam optimizer (Dozat 2016) that takes the same steps as PyTorch's `NAdam`.
 *
 * NAdam is Adam with Nesterov momentum and a momentum warm-up.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function nadam(options: NadamOptions): RuleOptimizer<NadamSettings> {
  return makeOptimizer(nadamRule, defaults, options);
}

/** NAdam's momentum at a step and the product of all momenta up to it. */
export interface NadamMomentum {
  readonly momentum: number;
  readonly product: number;
}

/**
 * Computes the momentum of NAdam (Dozat 2016): `μₜ = β₁ · (1 − 0.5 · 0.96^(t · decay))` and `Πₜ = μ₁ · … · μₜ`.
 *
 * The product is `β₁ᵗ` times a product that depends only on `decay`. The prefixes of the latter are cached, so a step
 * costs amortised O(1).
 *
 * @param step - The step `t`, counted from 1.
 */
export function nadamMomentum(beta1: number, decay: number, step: number): NadamMomentum {
  const power = beta1 ** step;
  // Below this power, 1 − product rounds to 1 in float64, so the cache can stop growing.
  const product = power < Number.EPSILON / 4 ? 0 : power * dampingProduct(decay, step);
  return { momentum: beta1 * damping(decay, step), product };
}

function damping(decay: number, step: number): number {
  return 1 - 0.5 * 0.96 ** (step * decay);
}

const prefixes = new Map<number, number[]>();

/** The product of the damping factors of steps 1 to `step`. */
function dampingProduct(decay: number, step: number): number {
  const products = prefixes.get(decay) ?? [1];
  prefixes.set(decay, products);
  for (let at = products.length; at <= step; at++)
    products.push((products[at - 1] ?? 1) * damping(decay, at));
  return products[step] ?? 0;
}
