import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { readPredictions, requireRows, toCsv, toJson } from "../../src/cli/predictions.js";

test("predictions have an entry per example, whatever predictStep returns, and leave no tensor", async () => {
  const before = tf.memory().numTensors;
  const batches = [
    [tf.tensor1d([1, NaN]), { sides: tf.tensor2d([[1, 2], [3, 4]]) }], // prettier-ignore
    [tf.tensor1d([5]), { sides: tf.tensor2d([[6, 7]]) }],
  ];
  const predictions = await readPredictions(batches);
  expect(predictions).toEqual([
    [1, { sides: [1, 2] }],
    [NaN, { sides: [3, 4] }],
    [5, { sides: [6, 7] }],
  ]);
  expect(tf.memory().numTensors).toBe(before);
  expect(JSON.parse(toJson(predictions))).toEqual([
    [1, { sides: [1, 2] }],
    ["NaN", { sides: [3, 4] }],
    [5, { sides: [6, 7] }],
  ]);
  expect(toCsv(predictions)).toBe(
    "prediction_0,prediction_1_sides_0,prediction_1_sides_1\n1,1,2\nNaN,3,4\n5,6,7\n",
  );
  expect(toCsv(await readPredictions([tf.tensor1d([0.5, 1])]))).toBe("prediction\n0.5\n1\n");
  expect(toJson([])).toBe("[]");
});

test("tensors without a row per example are refused", () => {
  tf.tidy(() => {
    requireRows({ a: tf.zeros([3]), b: tf.zeros([3, 2]) });
    for (const outputs of [tf.scalar(1), { a: tf.zeros([3]), b: tf.zeros([2]) }, []])
      expect(() => requireRows(outputs)).toThrow("must return tensors with one row per example.");
  });
});

test("what is no tensor is refused, and neither left out nor read as one", () => {
  tf.tidy(() => {
    const score = tf.zeros([3]);
    for (const label of ["cat", 0.5, null])
      expect(() => requireRows({ scores: [score, { label }] } as unknown as tf.TensorContainer)).toThrow(
        "`predictStep` must return tensors only, but `scores.1.label` is none.",
      );
    expect(() => requireRows(3)).toThrow("but its result is none.");
  });
});
