import { add, div, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { chained, movingMeanSquare, penalized } from "./updateMath.js";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";

/** The settings of Adadelta. */
export interface AdadeltaOptions {
  /** How much of the running means of squared gradients and squared steps is kept. @defaultValue 0.9 */
  readonly rho: number;
  /** Added under both roots so that neither is zero. @defaultValue 1e-6 */
  readonly eps: number;
  /** The factor of the L2 penalty, added to the gradient. @defaultValue 0 */
  readonly weightDecay: number;
}

const defaults: AdadeltaOptions = { rho: 0.9, eps: 1e-6, weightDecay: 0 };

/** The update of Adadelta as PyTorch defines it. */
export const adadeltaRule: UpdateRule<
  AdadeltaOptions,
  { readonly meanSquare: Tensor; readonly meanSquareStep: Tensor },
  "lr" | "kept" | "intake" | "eps" | "weightDecay"
> = {
  name: "adadelta",
  slots: () => ({ meanSquare: 0, meanSquareStep: 0 }),
  scalars: ({ lr, rho, eps, weightDecay }) => ({ lr, kept: rho, intake: 1 - rho, eps, weightDecay }),
  update(input) {
    const { param, slots, scalars } = input;
    const { lr, kept, intake, eps } = scalars;
    const grad = penalized(input);
    const meanSquare = movingMeanSquare(slots.meanSquare, grad, kept, intake);
    const size = chained(add(slots.meanSquareStep, eps), sqrt);
    const step = chained(
      add(meanSquare, eps),
      sqrt,
      (denominator) => div(size, denominator),
      (scale) => mul(scale, grad),
    );
    size.dispose();
    const meanSquareStep = movingMeanSquare(slots.meanSquareStep, step, kept, intake);
    const next = chained(
      step,
      (direction) => mul(direction, lr),
      (change) => sub(param, change),
    );
    return { param: next, slots: { meanSquare, meanSquareStep } };
  },
};

/**
 * Adadelta (Zeiler 2012), as in PyTorch, where the rate is a factor on the step it finds itself: 1 is the paper's.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function adadelta(options: OptimizerOptions<AdadeltaOptions>): RuleOptimizer<AdadeltaOptions> {
  return makeOptimizer(adadeltaRule, defaults, options);
}
