import { add, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../../errors/fulmineError.js";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";
import { chained, withL2Penalty } from "./updateMath.js";

/** The settings of {@link sgd}. */
export interface SgdSettings {
  /** Momentum: the factor on the previous velocity. @defaultValue 0 */
  readonly momentum: number;
  /** Dampening: the gradient enters the velocity with the factor `1 − dampening`. @defaultValue 0 */
  readonly dampening: number;
  /** Coefficient of the L2 penalty, which is added to the gradient. @defaultValue 0 */
  readonly weightDecay: number;
  /** Whether to use Nesterov momentum, which needs `momentum > 0` and no dampening. @defaultValue false */
  readonly nesterov: boolean;
}

/** The options of {@link sgd}: `lr`, any of its settings, and parameter groups. */
export type SgdOptions = OptimizerOptions<SgdSettings>;

const defaults: SgdSettings = { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false };

/**
 * The update rule of stochastic gradient descent, as in PyTorch (Sutskever et al. 2013).
 *
 * `b ← momentum·b + (1 − dampening)·g`, `θ ← θ − lr·b`; the first velocity is the first gradient. With Nesterov momentum,
 * `θ ← θ − lr·(g + momentum·b)`. Without momentum, `θ ← θ − lr·g`.
 */
export const sgdRule: UpdateRule<
  SgdSettings,
  { readonly velocity?: Tensor },
  "lr" | "momentum" | "weightDecay" | "gradWeight"
> = {
  name: "sgd",
  slots: ({ momentum }) => (momentum === 0 ? {} : { velocity: 0 }),
  scalars: ({ lr, momentum, dampening, weightDecay }, step) => ({
    lr,
    momentum,
    weightDecay,
    gradWeight: step === 1 ? 1 : 1 - dampening,
  }),
  update(input) {
    const { param, slots, scalars, options } = input;
    const { lr, momentum, gradWeight } = scalars;
    const moved = (direction: Tensor): Tensor => chained(mul(direction, lr), (change) => sub(param, change));
    const grad = withL2Penalty(input);
    if (slots.velocity === undefined) return { param: moved(grad), slots: {} };
    const fresh = options.dampening === 0 ? grad : mul(grad, gradWeight);
    const velocity = chained(
      slots.velocity,
      (velocity) => mul(velocity, momentum),
      (before) => add(before, fresh),
    );
    const direction = options.nesterov
      ? chained(mul(velocity, momentum), (ahead) => add(grad, ahead))
      : velocity;
    return { param: moved(direction), slots: { velocity } };
  },
};

/**
 * Creates an optimizer for stochastic gradient descent that takes the same steps as PyTorch's `SGD`.
 *
 * It supports momentum, Nesterov momentum (Sutskever et al. 2013) and L2 weight decay.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 * @example
 * ```ts
 * configureOptimizers() { return sgd({ lr: this.hparams.lr, momentum: 0.9, nesterov: true }); }
 * ```
 */
export function sgd(options: SgdOptions): RuleOptimizer<SgdSettings> {
  const optimizer = makeOptimizer(sgdRule, defaults, options);
  const odd = optimizer.paramGroups.find(
    ({ options: { nesterov, momentum, dampening } }) => nesterov && (momentum === 0 || dampening !== 0),
  );
  if (odd === undefined) return optimizer;
  const { momentum, dampening } = odd.options;
  throw new FulmineError("INVALID_OPTION", "`nesterov` of `sgd` needs a momentum above 0 and no dampening.", {
    received: [momentum, dampening],
    todo: "Pass e.g. { momentum: 0.9, nesterov: true }.",
  });
}
