import { add, div, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";
import { chained, movingMeanSquare, withL2Penalty } from "./updateMath.js";

/** The settings of {@link adadelta}. */
export interface AdadeltaSettings {
  /** Decay rate of the moving averages of squared gradients and squared steps, from 0 to below 1. @defaultValue 0.9 */
  readonly rho: number;
  /** Added inside both square roots for numerical stability. @defaultValue 1e-6 */
  readonly eps: number;
  /** Coefficient of the L2 penalty, which is added to the gradient. @defaultValue 0 */
  readonly weightDecay: number;
}

/** The options of {@link adadelta}: `lr`, any of its settings, and parameter groups. */
export type AdadeltaOptions = OptimizerOptions<AdadeltaSettings>;

const defaults: AdadeltaSettings = { rho: 0.9, eps: 1e-6, weightDecay: 0 };

/**
 * The update rule of Adadelta (Zeiler 2012, algorithm 1), as in PyTorch.
 *
 * `v ← ρ·v + (1 − ρ)·g²`, `d = g · √(u + ε) / √(v + ε)`, `u ← ρ·u + (1 − ρ)·d²`, `θ ← θ − lr·d`.
 */
export const adadeltaRule: UpdateRule<
  AdadeltaSettings,
  { readonly meanSquare: Tensor; readonly meanSquareStep: Tensor },
  "lr" | "rho" | "oneMinusRho" | "eps" | "weightDecay"
> = {
  name: "adadelta",
  slots: () => ({ meanSquare: 0, meanSquareStep: 0 }),
  scalars: ({ lr, rho, eps, weightDecay }) => ({ lr, rho, oneMinusRho: 1 - rho, eps, weightDecay }),
  update(input) {
    const { param, slots, scalars } = input;
    const { lr, rho, oneMinusRho, eps } = scalars;
    const grad = withL2Penalty(input);
    const meanSquare = movingMeanSquare(slots.meanSquare, grad, rho, oneMinusRho);
    const size = chained(add(slots.meanSquareStep, eps), sqrt);
    const step = chained(
      add(meanSquare, eps),
      sqrt,
      (denominator) => div(size, denominator),
      (scale) => mul(scale, grad),
    );
    size.dispose();
    const meanSquareStep = movingMeanSquare(slots.meanSquareStep, step, rho, oneMinusRho);
    const next = chained(
      step,
      (direction) => mul(direction, lr),
      (change) => sub(param, change),
    );
    return { param: next, slots: { meanSquare, meanSquareStep } };
  },
};

/**
 * Creates an Adadelta optimizer (Zeiler 2012) that takes the same steps as PyTorch's `Adadelta`.
 *
 * Adadelta computes its own step size; `lr` multiplies it. The paper uses `lr: 1`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function adadelta(options: AdadeltaOptions): RuleOptimizer<AdadeltaSettings> {
  return makeOptimizer(adadeltaRule, defaults, options);
}
