import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";

/** A loss and the variables to differentiate it by. */
export interface Differentiable {
  readonly loss: () => tf.Scalar;
  readonly variables: readonly tf.Variable[];
}

/** Computes the loss and its gradients, in the order of the variables, on one of tfjs's backends. */
export async function gradientsOn(backend: string, { loss, variables }: Differentiable): Promise<number[][]> {
  await tf.setBackend(backend);
  const { value, grads } = tf.variableGrads(loss, [...variables]);
  const results = [value, ...variables.map(({ name }) => grads[name] ?? tf.tensor([]))];
  const values = results.map((result) => Array.from(result.dataSync()));
  tf.dispose([value, grads]);
  return values;
}

/** Expects the wasm backend to give the cpu backend's loss and gradients to 32-bit accuracy, and to leak no memory. */
export async function expectSameAsCpu(model: Differentiable): Promise<void> {
  const expected = await gradientsOn("cpu", model);
  const actual = await gradientsOn("wasm", model);
  const before = memory();
  await gradientsOn("wasm", model);
  expect(memory()).toEqual(before);
  const largestOf = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
  // Some gradients are zero except for rounding, e.g. of a bias before batch normalization. Their tolerance is that of the others.
  const rounding = 1e-5 * Math.max(...expected.slice(1).map(largestOf));
  expected.forEach((values, index) => {
    const tolerance = 1e-4 * largestOf(values) + rounding;
    expect(actual[index]).toHaveLength(values.length);
    values.forEach((value, at) => {
      expect(Math.abs((actual[index]?.[at] ?? Number.NaN) - value)).toBeLessThanOrEqual(tolerance);
    });
  });
}

function memory() {
  const { numTensors, numDataBuffers } = tf.memory();
  return { numTensors, numDataBuffers, dataIds: tf.backend().numDataIds() };
}
