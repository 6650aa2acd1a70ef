import { add, div, mul, sqrt, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { chained, penalized } from "./updateMath.js";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";

/** The settings of Adagrad. */
export interface AdagradOptions {
  /** How fast the rate falls: at step `t` it is `lr / (1 + (t − 1) · lrDecay)`. @defaultValue 0 */
  readonly lrDecay: number;
  /** What the sum of squared gradients begins as. @defaultValue 0 */
  readonly initialAccumulator: number;
  /** Added to the denominator so that it is never zero. @defaultValue 1e-10 */
  readonly eps: number;
  /** The factor of the L2 penalty, added to the gradient. @defaultValue 0 */
  readonly weightDecay: number;
}

const defaults: AdagradOptions = { lrDecay: 0, initialAccumulator: 0, eps: 1e-10, weightDecay: 0 };

/** The update of Adagrad as PyTorch defines it. */
export const adagradRule: UpdateRule<
  AdagradOptions,
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
    const grad = penalized(input);
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
 * Adagrad (Duchi, Hazan and Singer 2011), as in PyTorch.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function adagrad(options: OptimizerOptions<AdagradOptions>): RuleOptimizer<AdagradOptions> {
  return makeOptimizer(adagradRule, defaults, options);
}
