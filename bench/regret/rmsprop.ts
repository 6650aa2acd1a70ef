import * as tf from "@tensorflow/tfjs";
import { Optimizer, type UpdateRule } from "@fulmine/core";

interface RmspropOptions {
  readonly alpha: number;
  readonly eps: number;
}

const rmspropRule: UpdateRule<RmspropOptions, { readonly meanSquare: tf.Tensor }, "lr"> = {
  name: "rmsprop",
  slots: () => ["meanSquare"],
  scalars: ({ lr }) => ({ lr }),
  update({ param, grad, slots, scalars, options: { alpha, eps } }) {
    const meanSquare = tf.add(tf.mul(slots.meanSquare, alpha), tf.mul(tf.square(grad), 1 - alpha));
    const step = tf.div(tf.mul(grad, scalars.lr), tf.add(tf.sqrt(meanSquare), eps));
    return { param: tf.sub(param, step), slots: { meanSquare } };
  },
};

/** RMSprop with PyTorch's defaults, for as long as the core has none. */
export function rmsprop({ lr }: { readonly lr: number }): Optimizer {
  return new Optimizer(rmspropRule, [{ lr, options: { alpha: 0.99, eps: 1e-8 } }]);
}
