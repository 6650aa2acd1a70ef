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
const losses = {
  meanSquaredError: rows,
  meanAbsoluteError: rows,
  categoricalCrossentropy: rows,
  sparseCategoricalCrossentropy: numbers,
  binaryCrossentropy: rows,
} as const satisfies Readonly<Partial<Record<LossName, Readonly<Record<string, Field>>>>>;

/** The other losses, whose operations are tried with one optimizer. */
const others = [
  ...[
    "meanAbsolutePercentageError",
    "meanSquaredLogarithmicError",
    "hinge",
    "squaredHinge",
    "categoricalHinge",
  ],
  ...["logcosh", "kullbackLeiblerDivergence", "poisson", "cosineProximity"],
] as const;

const optimizers: Readonly<Record<OptimizerName, true>> = {
  ...{ sgd: true, adam: true, adamw: true, adamax: true, adagrad: true, adadelta: true, rmsprop: true },
};

type Case = readonly [loss: string, kind: string, optimizer: string, ys: Field];

const cases: Case[] = Object.entries(losses).flatMap(([loss, targets]) =>
  Object.entries<Field>(targets).flatMap(([kind, ys]) =>
    Object.keys(optimizers).map((optimizer) => [loss, kind, optimizer, ys] as const),
  ),
);
/** Percentages of a target of 0 would be beyond all numbers. */
const positive = { values: Int32Array.from(oneHot, (number) => number + 1), shape: [ROWS, CLASSES] };
const otherCases = others.map((loss): Case => {
  const kind = "one-hot rows of integers";
  return loss === "meanAbsolutePercentageError"
    ? [loss, "integers from 1", "sgd", positive]
    : [loss, kind, "sgd", rows[kind]];
});

/** Trains compiled and eagerly, and compares. */
async function train(options: FromLayersOptions, fields: Readonly<Record<string, Field>>): Promise<boolean> {
  const make = () =>
    seeded(3, () => {
      const net = tf.sequential({
        layers: [
          tf.layers.dense({ inputShape: [4], units: 5, activation: "tanh" }),
          tf.layers.dense({ units: CLASSES, activation: "softmax" }),
        ],
      });
      const xs = Float32Array.from({ length: ROWS * 4 }, () => Math.random() * 2 - 1);
      const all: Record<string, Field> = { xs: { values: xs, shape: [ROWS, 4] }, ...fields };
      return {
        module: fromLayers(net, { metrics: ["accuracy"], ...options }),
        data: new DataLoader(all, { batchSize: 4 }),
      };
    });
  return (await trainBothWays(make, { maxSteps: STEPS, compile: true })).isCompiled;
}

describe("fromLayers compiles and gives the same bits as eager steps", () => {
  test.each([...cases, ...otherCases])("with %s on %s and %s", async (loss, _, optimizer, ys) => {
    const options = { loss: loss as LossName, optimizer: optimizer as OptimizerName };
    expect(await train(options, { ys })).toBe(true);
  });

  test.each(["class numbers", "class numbers in a column"] as const)("with weights, on %s", async (kind) => {
    const sampleWeight = Float32Array.from({ length: ROWS }, (_, row) => row % 3);
    const options: FromLayersOptions = {
      loss: "sparseCategoricalCrossentropy",
      classWeight: { 0: 1, 1: 0.5, 2: 3 },
      weightedMetrics: { acc: "accuracy" },
      metrics: [],
    };
    expect(await train(options, { ys: numbers[kind], sampleWeight })).toBe(true);
  });
});
