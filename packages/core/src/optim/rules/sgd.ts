import { add, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../../errors/fulmineError.js";
import { chained, penalized } from "./updateMath.js";
import { makeOptimizer, type OptimizerOptions } from "../makeOptimizer.js";
import type { RuleOptimizer } from "../ruleOptimizer.js";
import type { UpdateRule } from "../updateRule.js";

/** The settings of stochastic gradient descent. */
export interface SgdOptions {
  /** How much of the last step's velocity is kept. @defaultValue 0 */
  readonly momentum: number;
  /** How much less of a new gradient enters the velocity. @defaultValue 0 */
  readonly dampening: number;
  /** The factor of the L2 penalty, added to the gradient. @defaultValue 0 */
  readonly weightDecay: number;
  /** Whether the step looks ahead along the velocity (Nesterov). Needs momentum. @defaultValue false */
  readonly nesterov: boolean;
}

const defaults: SgdOptions = { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false };

/** The update of stochastic gradient descent as PyTorch defines it: the velocity begins as the first gradient. */
export const sgdRule: UpdateRule<
  SgdOptions,
  { readonly velocity?: Tensor },
  "lr" | "momentum" | "weightDecay" | "intake"
> = {
  name: "sgd",
  slots: ({ momentum }) => (momentum === 0 ? {} : { velocity: 0 }),
  scalars: ({ lr, momentum, dampening, weightDecay }, step) => ({
    lr,
    momentum,
    weightDecay,
    intake: step === 1 ? 1 : 1 - dampening,
  }),
  update(input) {
    const { param, slots, scalars, options } = input;
    const { lr, momentum, intake } = scalars;
    const moved = (direction: Tensor): Tensor => chained(mul(direction, lr), (change) => sub(param, change));
    const grad = penalized(input);
    if (slots.velocity === undefined) return { param: moved(grad), slots: {} };
    const fresh = options.dampening === 0 ? grad : mul(grad, intake);
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
 * Stochastic gradient descent with optional momentum, Nesterov's look-ahead and L2 weight decay, as in PyTorch's `SGD`
 * (Sutskever et al. 2013).
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * configureOptimizers() { return sgd({ lr: this.hparams.lr, momentum: 0.9, nesterov: true }); }
 * ```
 */
export function sgd(options: OptimizerOptions<SgdOptions>): RuleOptimizer<SgdOptions> {
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
