import * as tf from "@tensorflow/tfjs";
import { isOdd, wholeOf } from "../sources.js";
import { addMean } from "../step.js";
import type { Act } from "./act.js";

/** Numbers that enter a step's operations as constants or attributes. */
export const constants = {
  scale: (_, step, number) => {
    step.loss = tf.mul<tf.Scalar>(step.loss, 0.5 + wholeOf(number) / 8);
  },
  scalar: (_, step, number) => addMean(step, tf.mul(step.predicted, tf.scalar(number))),
  vector: (_, step, number) => addMean(step, tf.mul(step.predicted, tf.tensor1d([number, 1]))),
  fill: (_, step, number) => addMean(step, tf.mul(step.predicted, tf.fill([2], wholeOf(number)))),
  dtype: (_, step, number) => {
    const constant = tf.scalar(3, isOdd(number) ? "int32" : "float32");
    addMean(step, tf.mul(step.predicted, tf.cast(tf.div(tf.add(constant, 0), 2), "float32")));
  },
  signOfZero: (_, step, number) => {
    const sign = tf.clipByValue(tf.reciprocal(tf.scalar(isOdd(number) ? 0 : -0)), -1, 1);
    addMean(step, tf.mul(step.predicted, sign));
  },
  /** One buffer for all steps. It must not change within a step, because TensorFlow may share its memory. */
  buffer: ({ buffer }, step, number) => {
    if (step.hasUsedBuffer) return;
    step.hasUsedBuffer = true;
    buffer[0] = number;
    addMean(step, tf.mul(step.predicted, tf.tensor1d(buffer)));
  },
  longConstant: ({ longList }, step) => addMean(step, tf.mul(step.predicted, tf.mean(tf.tensor1d(longList)))),
  gathered: (_, step, number) =>
    addMean(step, tf.square(tf.gather(step.predicted, tf.tensor1d([wholeOf(number) % 3, 0], "int32")))),
  seededNoise: (_, step, number) =>
    addMean(step, tf.mul(step.predicted, tf.randomNormal([2], 0, 1, "float32", 1 + wholeOf(number)))),
  attribute: (_, step, number) => addMean(step, tf.leakyRelu(step.predicted, wholeOf(number) / 10)),
  axis: (_, step, number) => addMean(step, tf.square(tf.sum(step.predicted, isOdd(number) ? 1 : 0))),
  slice: (_, step, number) => addMean(step, tf.slice(step.predicted, [0, isOdd(number) ? 1 : 0], [-1, 1])),
  pad: (_, step, number) =>
    addMean(
      step,
      tf.pad(step.predicted, [
        [0, 0],
        [0, wholeOf(number) % 3],
      ]),
    ),
  transpose: (_, step, number) => {
    const cube = tf.reshape(step.predicted, [-1, 2, 1]);
    const turned = tf.transpose(cube, isOdd(number) ? [0, 1, 2] : [1, 0, 2]);
    addMean(step, tf.square(tf.sum(turned, 0)));
  },
  shape: (_, step, number) => {
    const wide = tf.tile(tf.reshape(step.predicted, [-1]), [2 + (wholeOf(number) % 3)]);
    addMean(step, tf.square(tf.add(wide, 0.1)));
  },
} satisfies Record<string, Act>;
