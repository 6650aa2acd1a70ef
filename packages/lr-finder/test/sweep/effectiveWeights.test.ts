import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { adadelta, adam, sgd, type Optimizer } from "@fulmine/core";
import { countEffectiveWeights } from "../../src/sweep/effectiveWeights.js";

/** Steps an optimizer on an embedding of which two rows are looked up, a matrix, a bias and a kernel of 3 × 3. */
async function counted(optimizer: Optimizer, lr = 1e-6): Promise<number | undefined> {
  const table = tf.variable(tf.randomNormal([50, 4], 0, 1, "float32", 1));
  const others = [tf.ones([4, 3]), tf.ones([3]), tf.ones([3, 3, 1, 2])].map((value) => tf.variable(value));
  const variables = [table, ...others];
  optimizer.attach(variables);
  optimizer.lr = lr;
  const tensors = tf.memory().numTensors;
  const { result, effectiveWeights } = await countEffectiveWeights(optimizer, () => {
    const { grads } = tf.variableGrads(() => {
      const used = tf.gather(table, tf.tensor1d([3, 7, 7], "int32"));
      return tf.addN([tf.sum(used), ...others.map((value) => tf.sum(value))]) as tf.Scalar;
    }, variables);
    optimizer.step(new Map(variables.map((variable) => [variable, grads[variable.name] as tf.Tensor])));
    tf.dispose(grads);
    return Promise.resolve("result");
  });
  expect(result).toBe("result");
  expect(tf.memory().numTensors - tensors).toBeLessThanOrEqual(3 + 2 * variables.length);
  optimizer.dispose();
  tf.dispose(variables);
  return effectiveWeights;
}
const without = 4 * 3 + 3 + 3 * 3 * 2 * 3;

test("rows of an embedding that a step does not touch count less, and shared kernels more than once", async () => {
  expect(await counted(adam({ lr: 1 }))).toBe(Math.round(50 * 4 * Math.sqrt(2 / 50) + without));
});

test("all rows count where the step does not show which are touched", async () => {
  expect(await counted(adadelta({ lr: 1 }))).toBe(50 * 4 + without);
  expect(await counted(adam({ lr: 1 }), 1e-12)).toBe(50 * 4 + without);
});

test("nothing is counted for an optimizer whose usual rate does not depend on it", async () => {
  expect(await counted(sgd({ lr: 1 }))).toBeUndefined();
});
