import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { useAccelerator } from "../../../src/index.js";
import { repairWasm } from "../../../src/wasm/repairWasm.js";

beforeAll(async () => {
  await useAccelerator("cpu");
  await useAccelerator("wasm");
});

async function product(backend: string, a: tf.Tensor, b: tf.Tensor, turns: readonly [boolean, boolean]) {
  await tf.setBackend(backend);
  const result = tf.matMul(a, b, ...turns);
  const values = await result.data();
  const { shape } = result;
  result.dispose();
  return { shape, values: Array.from(values) };
}

const turned = (shape: readonly number[], isTurned: boolean): number[] => {
  const [rows = 0, columns = 0] = shape.slice(-2);
  return isTurned ? [...shape.slice(0, -2), columns, rows] : [...shape];
};

describe.each([
  ["rank 2", [5, 3], [3, 4]],
  ["rank 3", [2, 5, 3], [2, 3, 4]],
  ["rank 3 with one batch for many", [1, 5, 3], [2, 3, 4]],
  ["a single row", [1, 3], [3, 4]],
  ["a single column", [5, 3], [3, 1]],
] as const)("the repaired wasm product of %s", (_, left, right) => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const)(
    "equals cpu's with transposeA %s and transposeB %s, and leaks nothing",
    async (turnA, turnB) => {
      await tf.setBackend("cpu");
      const a = tf.randomNormal(turned(left, turnA), 0, 1, "float32", 1);
      const b = tf.randomNormal(turned(right, turnB), 0, 1, "float32", 2);
      const expected = await product("cpu", a, b, [turnA, turnB]);
      await tf.setBackend("wasm");
      tf.matMul(a, b, turnA, turnB).dispose();
      const before = { ...tf.memory(), ids: tf.backend().numDataIds() };
      const actual = await product("wasm", a, b, [turnA, turnB]);
      const after = { ...tf.memory(), ids: tf.backend().numDataIds() };
      expect(actual.shape).toEqual(expected.shape);
      actual.values.forEach((value, index) =>
        expect(value).toBeCloseTo(expected.values[index] ?? Number.NaN, 5),
      );
      expect([after.numTensors, after.numDataBuffers, after.ids]).toEqual([
        before.numTensors,
        before.numDataBuffers,
        before.ids,
      ]);
      tf.dispose([a, b]);
    },
  );
});

it("repairing again changes nothing", () => {
  const kernel = tf.getKernel("BatchMatMul", "wasm");
  repairWasm();
  expect(tf.getKernel("BatchMatMul", "wasm")).toBe(kernel);
});

it("a network with batch normalization and dropout trains on wasm", async () => {
  await tf.setBackend("wasm");
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [4], units: 16, activation: "relu" }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.02), loss: "categoricalCrossentropy" });
  const xs = tf.randomNormal([96, 4], 0, 1, "float32", 3);
  const ys = tf.oneHot(tf.argMax(tf.slice(xs, [0, 0], [96, 3]), 1), 3);
  const losses: number[] = [];
  for (let step = 0; step < 45; step++) losses.push(Number(await model.trainOnBatch(xs, ys)));
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.8);
});
