import * as tf from "@tensorflow/tfjs";
import { isOdd, wholeOf } from "../sources.js";
import { addMean } from "../step.js";
import type { Act } from "./act.js";

/** Acts that change a step's operations: branches, loops, and operations with several inputs or outputs. */
export const paths = {
  branch: (_, step, number) => {
    if (isOdd(number)) step.loss = tf.losses.absoluteDifference(step.batch.ys, step.predicted);
  },
  loop: (_, step, number) => {
    for (let turn = 0; turn < wholeOf(number) % 4; turn++) addMean(step, tf.square(step.predicted));
  },
  again: ({ net }, step) => addMean(step, net.model.apply(step.batch.also, { training: true }) as tf.Tensor),
  nestedTidy: (_, step, number) => {
    step.loss = tf.tidy(() => {
      const inner = tf.tidy(() => tf.square(tf.add(step.predicted, wholeOf(number))));
      return tf.add<tf.Scalar>(step.loss, tf.mul(tf.mean(inner), 0.1));
    });
  },
  disposing: (_, step) => {
    const square = tf.square(step.predicted);
    addMean(step, square);
    square.dispose();
  },
  several: (_, step, number) => {
    const parts = tf.split(step.predicted, 2, 1);
    addMean(step, tf.square(parts[isOdd(number) ? 0 : 1] ?? step.predicted));
  },
  sumOfMany: (_, step, number) => {
    const list = Array.from({ length: 1 + (wholeOf(number) % 3) }, () => step.predicted);
    addMean(step, tf.addN(list));
  },
  joined: (_, step, number) => {
    const list = Array.from({ length: 1 + (wholeOf(number) % 3) }, () => step.batch.xs);
    addMean(step, tf.matMul(tf.concat(list, 0), tf.ones<tf.Rank.R2>([6, 2])));
    addMean(step, tf.stack([step.predicted, step.batch.ys]));
  },
  whole: (_, step, number) => {
    const best = tf.oneHot(tf.argMax(step.predicted, 1), 2);
    addMean(step, tf.mul(step.predicted, tf.cast(best, isOdd(number) ? "float32" : "int32")));
  },
  where: (_, step) => {
    const isLarge = tf.greater(tf.mean(step.batch.xs), 0);
    step.loss = tf.where(isLarge, tf.mul<tf.Scalar>(step.loss, 0.5), step.loss);
  },
  noise: (_, step) => addMean(step, tf.mul(step.predicted, tf.randomNormal([2]))),
  uniform: (_, step, number) =>
    addMean(
      step,
      tf.mul(step.predicted, tf.randomUniform([1 + (isOdd(number) ? 1 : 0)], 0, 1 + wholeOf(number))),
    ),
  dropoutOf: (_, step, number) => addMean(step, tf.square(tf.dropout(step.predicted, wholeOf(number) / 10))),
  draw: (_, step) => {
    // All are made, but only some are used.
    const drawn = Math.random();
    if (drawn > 0.9) addMean(step, step.predicted);
  },
} satisfies Record<string, Act>;
