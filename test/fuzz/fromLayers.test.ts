import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { afterAll, expect } from "vitest";
import { DataLoader, f1, fromLayers, FulmineError, sgd, Trainer } from "@fulmine/core";
import { endOf } from "./support/endOf.js";
import { hostile, OwnError } from "./support/hostile.js";
import { hostileOptions, type Valid } from "./support/hostileOptions.js";
import { property } from "./support/property.js";

const net = tf.sequential({
  layers: [tf.layers.dense({ inputShape: [2], units: 3, activation: "softmax", name: "out" })],
});
// The wrapping model makes its own tensors once.
net.predict(tf.zeros([1, 2]));
afterAll(() => net.dispose());

const error = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => tf.sub(yTrue, yPred);
const valid: Valid = {
  loss: [
    () => "meanSquaredError",
    () => "categoricalCrossentropy",
    () => error,
    () => ({ out: error }),
    () => [error],
  ],
  optimizer: [() => "sgd", () => "adam", () => sgd],
  metrics: [() => ["accuracy"], () => ({ f1: f1() }), () => [error], () => ({ out: ["mse"] }), () => []],
  lr: [() => 0, () => 0.1],
};

const trainer = new Trainer({ maxEpochs: 1, enableProgressBar: false, enableModelSummary: false });

function oneHots(rows: number): { values: Float32Array; shape: number[] } {
  return {
    values: Float32Array.from({ length: rows * 3 }, (_, at) => Number(at % 3 === 0)),
    shape: [rows, 3],
  };
}

const xs = (rows: number): { values: Float32Array; shape: number[] } => ({
  values: new Float32Array(2 * rows).fill(1),
  shape: [rows, 2],
});

property(
  "a model of tf.layers is trained with any options, or they are refused",
  80,
  hostileOptions(valid, ["loss"]),
  async ({ make }) => {
    const module = fromLayers(net, make());
    const loader = new DataLoader({ xs: xs(4), ys: oneHots(4) }, { batchSize: 2 });
    await trainer.fit(module, { train: loader, val: loader }).finally(() => trainer.dispose());
    for (const weight of net.getWeights()) expect(await weight.data()).not.toContain(NaN);
  },
  (end, { isMisspelt, isValid }) => {
    if (isMisspelt) expect(end).toBeInstanceOf(FulmineError);
    if (isValid) expect(end).toBe("done");
  },
);

const label = fc.constantFrom(0, 1, 2, 3, -1, 7, 0.5, NaN, Infinity);

property(
  "labels outside the units are refused, in training and on held-out data",
  45,
  fc.tuple(fc.array(label, { minLength: 1, maxLength: 6 }), fc.constantFrom(2, 1), fc.boolean()),
  async ([labels, rank, isHeldOut]) => {
    const module = fromLayers(net, { loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const make = (values: readonly number[]): DataLoader => {
      const shape = rank === 1 ? [values.length] : [values.length, 1];
      return new DataLoader({ xs: xs(values.length), ys: { values: Float32Array.from(values), shape } });
    };
    const run = isHeldOut
      ? trainer.validate(module, make(labels))
      : trainer.fit(module, { train: make(labels), val: make([1]) });
    const end = await endOf(() => run.finally(() => trainer.dispose()));
    const isRight = labels.every((one) => [0, 1, 2].includes(one));
    if (isRight) expect(end).toBe("done");
    else
      expect(String(end)).toContain(
        "The targets of the output `out` must be class indices from 0 to 2. Received: ",
      );
  },
);

const sides = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 3 });

property(
  "targets and inputs of any shapes are taken, or refused",
  45,
  fc.record({
    xs: sides,
    ys: sides,
    loss: fc.constantFrom(
      "meanSquaredError",
      "sparseCategoricalCrossentropy",
      "binaryCrossentropy",
      "categoricalCrossentropy",
    ),
    metric: fc.constantFrom(
      "accuracy",
      "sparseCategoricalAccuracy",
      "categoricalAccuracy",
      "binaryAccuracy",
      "mse",
      "ce",
    ),
  }),
  async ({ xs: inputs, ys, loss, metric }) => {
    const module = fromLayers(net, { loss: loss, metrics: [metric] });
    const [input, target] = [tf.ones([2, ...inputs]), tf.ones([2, ...ys])];
    await endOf(() =>
      trainer.fit(module, { train: [{ xs: input, ys: target }] }).finally(() => trainer.dispose()),
    );
    await endOf(() => trainer.validate(module, [{ xs: input, ys: target }]));
    tf.dispose([input, target]);
  },
);

property(
  "what a loss or a metric gives is a tensor, or is refused; a model is one",
  45,
  hostile,
  async (make) => {
    const odd = (): tf.Tensor => make() as tf.Tensor;
    const batch = (): DataLoader => new DataLoader({ xs: xs(2), ys: oneHots(2) });
    const fit = async (options: object): Promise<void> => {
      await trainer
        .fit(fromLayers(net, options as never), { train: batch() })
        .finally(() => trainer.dispose());
    };
    await endOf(() => fit({ loss: odd }));
    await endOf(() => fit({ loss: "meanSquaredError", metrics: { odd } }));
    await endOf(() => fit({ loss: "meanSquaredError", optimizer: odd }));
    const end = await endOf(() => fromLayers(make() as never, { loss: "meanSquaredError" }));
    expect(end === "done" || end instanceof OwnError).toBe(false);
  },
);
