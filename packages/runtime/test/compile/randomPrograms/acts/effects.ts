import * as tf from "@tensorflow/tfjs";
import { addMean } from "../step.js";
import type { Act } from "./act.js";

/** Acts with effects outside a step, and acts that make it fail. */
export const effects = {
  log: (module, _, number) => module.log("number", number),
  logTensor: (module, step) => module.log("mean", tf.mean(step.predicted)),
  logEpoch: (module, step, number) => {
    module.log("epoch_number", number, { onEpoch: true });
    module.log("epoch_mean", tf.mean(step.predicted), { onEpoch: true, onStep: true });
  },
  readInput: ({ journal }, { batch }) => journal.note("input", batch.xs.dataSync()),
  readPrediction: ({ journal }, { predicted }) => journal.note("prediction", predicted.dataSync()),
  caught: (_, step) => {
    try {
      addMean(step, tf.matMul(step.predicted, tf.zeros<tf.Rank.R2>([3, 3])));
    } catch {
      addMean(step, tf.square(step.predicted));
    }
  },
  wrongShape: (_, step) => addMean(step, tf.matMul(step.predicted, tf.zeros<tf.Rank.R2>([3, 3]))),
  /** Fails in TensorFlow itself, depending only on the values. */
  outOfRange: (_, step, number) => {
    const index = tf.cast(tf.add(tf.mul(step.batch.xs, 0), 1000 + number), "int32");
    addMean(step, tf.gather(step.predicted, index));
  },
  notAScalar: (_, step) => {
    step.loss = step.predicted as unknown as tf.Scalar;
  },
} satisfies Record<string, Act>;
