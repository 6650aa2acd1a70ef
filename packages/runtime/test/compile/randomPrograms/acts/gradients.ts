import * as tf from "@tensorflow/tfjs";
import { wholeOf } from "../sources.js";
import { addMean } from "../step.js";
import type { Act } from "./act.js";

const passing = (backward: (dy: tf.Tensor) => tf.Tensor) =>
  tf.customGrad((x) => ({ value: tf.mul(x as tf.Tensor, 1), gradFunc: (dy: tf.Tensor) => backward(dy) }));

/** Acts that concern gradients. */
export const gradients = {
  customBackward: (_, step, number) => {
    const scaled = passing((dy) => tf.mul(dy, 1 + wholeOf(number)));
    addMean(step, scaled(step.predicted));
  },
  /** Reads the number only in the backward pass. */
  lateBackward: (module, step) => {
    const scaled = passing((dy) => tf.mul(dy, 1 + module.read("closure")));
    addMean(step, scaled(step.predicted));
  },
  notedBackward: (module, step, number) => {
    const noted = passing((dy) => {
      module.journal.note("backward", number);
      return tf.neg(dy);
    });
    addMean(step, noted(step.predicted));
  },
  secondOrder: ({ first }, step, number) => {
    const inner = tf.grad((xs) => tf.mean(tf.tanh(tf.matMul(xs as tf.Tensor2D, first))));
    addMean(step, tf.mul(tf.square(inner(step.batch.xs)), 1 + wholeOf(number)));
  },
  /** Depends on other parameters than the rest of the loss. */
  detour: ({ first, second }, step, number) => {
    step.loss = tf.mean<tf.Scalar>(tf.square(wholeOf(number) > 3 ? first : second));
  },
  constantInput: ({ first }, step) => addMean(step, tf.matMul(step.batch.also, first)),
} satisfies Record<string, Act>;
