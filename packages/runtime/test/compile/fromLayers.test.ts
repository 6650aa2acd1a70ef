import * as tf from "@tensorflow/tfjs";
import { DataLoader, fromLayers, seeded, type Field, type FromLayersOptions } from "@fulmine/core";
import { describe, expect, test } from "vitest";
import { trainBothWays } from "./support/bothWays.js";

type LossName = Extract<FromLayersOptions["loss"], string>;
type OptimizerName = Extract<FromLayersOptions["optimizer"], string>;

const STEPS = 8;
const ROWS = STEPS * 4;
const CLASSES = 3;

/** The class of each row. */
const classes = Array.from({ length: ROWS }, (_, row) => (row * 7) % CLASSES);
const oneHot = classes.flatMap((label) => Array.from({ length: CLASSES }, (_, at) => Number(at === label)));

const numbers = {
  "class numbers": Int32Array.from(classes),
  "class numbers in a column": { values: Int32Array.from(classes), shape: [ROWS, 1] },
  "class numbers as real numbers": Float32Array.from(classes),
} as const;
const rows = {
  "one-hot rows": { values: Float32Array.from(oneHot), shape: [ROWS, CLASSES] },
  "one-hot rows of integers": { values: Int32Array.from(oneHot), shape: [ROWS, CLASSES] },
} as const;

/** The targets of each loss. */
const losses: Readonly<Record<LossName, Readonly<Record<string, Field>>>> = {
  meanSquaredError: rows,
  meanAbsoluteError: rows,
  categoricalCrossentropy: rows,
  sparseCategoricalCrossentropy: numbers,
  binaryCrossentropy: rows,
};
const optimizers: Readonly<Record<OptimizerName, true>> = {
  ...{ sgd: true, adam: true, adamw: true, adamax: true, adagrad: true, adadelta: true, rmsprop: true },
};

const cases = Object.entries(losses).flatMap(([loss, targets]) =>
  Object.entries(targets).flatMap(([kind, ys]) =>
    Object.keys(optimizers).map((optimizer) => [loss, kind, optimizer, ys] as const),
  ),
);

describe("fromLayers compiles and gives the same bits as eager steps", () => {
  test.each(cases)("with %s on %s and %s", async (loss, _, optimizer, ys) => {
    const make = () =>
      seeded(3, () => {
        const net = tf.sequential({
          layers: [
            tf.layers.dense({ inputShape: [4], units: 5, activation: "tanh" }),
            tf.layers.dense({ units: CLASSES, activation: "softmax" }),
          ],
        });
        const xs = Float32Array.from({ length: ROWS * 4 }, () => Math.random() * 2 - 1);
        return {
          module: fromLayers(net, {
            loss: loss as LossName,
            optimizer: optimizer as OptimizerName,
            metrics: ["accuracy"],
          }),
          data: new DataLoader({ xs: { values: xs, shape: [ROWS, 4] }, ys }, { batchSize: 4 }),
        };
      });
    const { isCompiled } = await trainBothWays(make, { maxSteps: STEPS, compile: true });
    expect(isCompiled).toBe(true);
  });
});
