import { add, div, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { makeOptimizer } from "../optim/makeOptimizer.js";
import { movingMeanSquare } from "../optim/rules/updateMath.js";
import type { RuleOptimizer } from "../optim/ruleOptimizer.js";
import type { UpdateRule } from "../optim/updateRule.js";

/** The settings of RMSprop in TensorFlow.js. */
interface TfjsRmspropOptions {
  /** How much of the running mean of squared gradients is kept at a step. */
  readonly alpha: number;
  /** Added to the mean before the root is taken. */
  readonly eps: number;
}

/** The update of `tf.train.rmsprop`, whose `eps` stands under the root: PyTorch's stands beside it. */
const tfjsRmspropRule: UpdateRule<
  TfjsRmspropOptions,
  { readonly meanSquare: Tensor },
  "lr" | "kept" | "intake" | "eps"
> = {
  name: "rmsprop",
  slots: () => ({ meanSquare: 0 }),
  scalars: ({ lr, alpha, eps }) => ({ lr, kept: alpha, intake: 1 - alpha, eps }),
  update({ param, grad, slots, scalars: { lr, kept, intake, eps } }) {
    const meanSquare = movingMeanSquare(slots.meanSquare, grad, kept, intake);
    const step = div(mul(grad, lr), sqrt(add(meanSquare, eps)));
    return { param: sub(param, step), slots: { meanSquare } };
  },
};

/** RMSprop with the settings and results of `tf.train.rmsprop(lr)`. */
export function tfjsRmsprop({ lr }: { readonly lr: number }): RuleOptimizer<TfjsRmspropOptions> {
  return makeOptimizer(tfjsRmspropRule, { alpha: 0.9, eps: 1e-7 }, { lr });
}
