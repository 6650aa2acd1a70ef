import * as tf from "@tensorflow/tfjs";
import { isOdd, wholeOf } from "../sources.js";
import { addMean } from "../step.js";
import type { Act } from "./act.js";

/** Acts that use tensors from earlier steps or from outside, or keep tensors for later steps. */
export const memories = {
  movingAverage: ({ average }, step) => {
    average.assign(tf.add<tf.Scalar>(tf.mul(average, 0.9), tf.mul(step.loss, 0.1)));
    addMean(step, tf.mul(step.predicted, average));
  },
  assignedTwice: ({ average }, step, number) => {
    average.assign(tf.scalar(wholeOf(number)));
    addMean(step, tf.mul(step.predicted, average));
    average.assign(tf.mean<tf.Scalar>(step.predicted));
    addMean(step, tf.mul(step.predicted, average));
  },
  oneValueForTwo: ({ average, otherAverage }, step) => {
    const mean = tf.mean<tf.Scalar>(step.predicted);
    average.assign(mean);
    otherAverage.assign(mean);
  },
  temporaryVariable: (_, step, number) => {
    const made = tf.variable(tf.scalar(wholeOf(number)), false);
    addMean(step, tf.mul(step.predicted, made));
    made.dispose();
  },
  keep: (module, step) => {
    const { kept } = module;
    if (kept !== null) addMean(step, tf.mul(step.predicted, kept));
    module.kept = tf.keep(tf.mean<tf.Scalar>(step.predicted));
    kept?.dispose();
  },
  outside: ({ outside }, step) => addMean(step, tf.mul(step.predicted, outside.read())),
  given: ({ given }, step) => addMean(step, tf.mul(step.predicted, given)),
  eitherOutside: ({ outside, given }, step, number) =>
    addMean(step, tf.mul(step.predicted, isOdd(number) ? outside.read() : given)),
  metric: ({ metric }, step) => metric.update(step.predicted, step.batch.ys),
  later: (module, step) => {
    module.promises.push(step.predicted.data());
  },
} satisfies Record<string, Act>;
