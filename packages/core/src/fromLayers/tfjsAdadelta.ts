import { add, div, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { makeOptimizer } from "../optim/makeOptimizer.js";
import { movingMeanSquare } from "../optim/rules/updateMath.js";
import type { RuleOptimizer } from "../optim/ruleOptimizer.js";
import type { UpdateRule } from "../optim/updateRule.js";

/** The settings of Adadelta in TensorFlow.js. */
interface TfjsAdadeltaOptions {
  /** How much of the running means of squared gradients and squared steps is kept. */
  readonly rho: number;
  /** Added under both roots. */
  readonly eps: number;
}

/** The update of `tf.train.adadelta`, which divides by the mean before it has taken the gradient in: PyTorch's, after. */
const tfjsAdadeltaRule: UpdateRule<
  TfjsAdadeltaOptions,
  { readonly meanSquare: Tensor; readonly meanSquareStep: Tensor },
  "lr" | "kept" | "intake" | "eps"
> = {
  name: "adadelta",
  slots: () => ({ meanSquare: 0, meanSquareStep: 0 }),
  scalars: ({ lr, rho, eps }) => ({ lr, kept: rho, intake: 1 - rho, eps }),
  update({ param, grad, slots, scalars: { lr, kept, intake, eps } }) {
    const step = mul(div(sqrt(add(slots.meanSquareStep, eps)), sqrt(add(slots.meanSquare, eps))), grad);
    return {
      param: sub(param, mul(step, lr)),
      slots: {
        meanSquare: movingMeanSquare(slots.meanSquare, grad, kept, intake),
        meanSquareStep: movingMeanSquare(slots.meanSquareStep, step, kept, intake),
      },
    };
  },
};

/** Adadelta with the settings and results of `tf.train.adadelta(lr)`. */
export function tfjsAdadelta({ lr }: { readonly lr: number }): RuleOptimizer<TfjsAdadeltaOptions> {
  return makeOptimizer(tfjsAdadeltaRule, { rho: 0.95, eps: 1e-7 }, { lr });
}
