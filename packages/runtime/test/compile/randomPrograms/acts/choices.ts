import * as tf from "@tensorflow/tfjs";
import { isOdd } from "../sources.js";
import { addMean } from "../step.js";
import type { Act } from "./act.js";

/** Choices between tensors of one shape, which the operations do not reveal. */
export const choices = {
  operand: (_, step, number) =>
    addMean(step, tf.mul(step.predicted, isOdd(number) ? step.predicted : step.batch.ys)),
  order: (_, step, number) => {
    const pair: [tf.Tensor, tf.Tensor] = [step.predicted, step.batch.ys];
    const [one, other] = isOdd(number) ? pair : pair.reverse();
    addMean(step, tf.sub(one ?? step.predicted, other ?? step.predicted));
  },
  input: ({ first }, step, number) => {
    const { xs, also } = step.batch;
    addMean(step, tf.matMul(isOdd(number) ? xs : also, first));
  },
  variable: ({ first, second }, step, number) => addMean(step, tf.square(isOdd(number) ? first : second)),
  result: (_, step, number) => {
    const [one, other] = [tf.mul<tf.Scalar>(step.loss, 0.5), tf.mul<tf.Scalar>(step.loss, 2)];
    step.loss = isOdd(number) ? one : other;
  },
  logged: (module, step, number) => {
    const [least, most] = [tf.min(step.predicted), tf.max(step.predicted)];
    module.log("chosen", isOdd(number) ? least : most);
  },
  name: (module, step, number) => module.log(isOdd(number) ? "odd" : "even", tf.mean(step.predicted)),
  options: (module, step, number) =>
    module.log("optional", tf.mean(step.predicted), { onStep: isOdd(number), onEpoch: true }),
  assigned: ({ average }, step, number) => {
    const [least, most] = [tf.min<tf.Scalar>(step.predicted), tf.max<tf.Scalar>(step.predicted)];
    average.assign(isOdd(number) ? least : most);
  },
  target: ({ average, otherAverage }, step, number) => {
    const mean = tf.mean<tf.Scalar>(step.predicted);
    (isOdd(number) ? average : otherAverage).assign(mean);
  },
  whether: ({ average }, step, number) => {
    const mean = tf.mean<tf.Scalar>(step.predicted);
    if (isOdd(number)) average.assign(mean);
  },
} satisfies Record<string, Act>;
