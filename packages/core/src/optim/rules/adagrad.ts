import { add, div, mul, sqrt, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";
import { chained, withL2Penalty } from "./updateMath.js";

/** The settings of {@link adagrad}. */
export interface AdagradSettings {
  /** Decay of the learning rate: step `t`, counted from 1, uses `lr / (1 + (t − 1) · lrDecay)`. @defaultValue 0 */
  readonly lrDecay: number;
  /** Initial value of the sum of squared gradients. @defaultValue 0 */
  readonly initialAccumulator: number;
  /** Added to the denominator for numerical stability. @defaultValue 1e-10 */
  readonly eps: number;
  /** Coefficient of the L2 penalty, which is added to the gradient. @defaultValue 0 */
  readonly weightDecay: number;
}

/** The options of {@link adagrad}: `lr`, any of its settings, and parameter groups. */
export type AdagradOptions = OptimizerOptions<AdagradSettings>;

const defaults: AdagradSettings = { lrDecay: 0, initialAccumulator: 0, eps: 1e-10, weightDecay: 0 };

/**
 * The update rule of Adagrad (Duchi, Hazan and Singer 2011), as in PyTorch.
 *
 * `s ← s + g²`, `θ ← θ − lrₜ · g / (√s + ε)`.
 */
export const adagradRule: UpdateRule<
  AdagradSettings,
  { readonly sumSquare: Tensor },
  "stepSize" | "eps" | "weightDecay"
> = {
  name: "adagrad",
  slots: ({ initialAccumulator }) => ({ sumSquare: initialAccumulator }),
  scalars: ({ lr, lrDecay, eps, weightDecay }, step) => ({
    stepSize: lr / (1 + (step - 1) * lrDecay),
    eps,
    weightDecay,
  }),
  update(input) {
    const { param, slots, scalars } = input;
    const grad = withL2Penalty(input);
    const sumSquare = chained(square(grad), (squared) => add(slots.sumSquare, squared));
    const next = chained(
      sqrt(sumSquare),
      (root) => add(root, scalars.eps),
      (denominator) => div(grad, denominator),
      (direction) => mul(direction, scalars.stepSize),
      (change) => sub(param, change),
    );
    return { param: next, slots: { sumSquare } };
  },
};

/**
 * Creates an Adagrad optimizer (Duchi, Hazan and Singer 2011) that takes the same steps as PyTorch's `Adagrad`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function adagrad(options: AdagradOptions): RuleOptimizer<AdagradSettings> {
  return makeOptimizer(adagradRule, defaults, options);
}
