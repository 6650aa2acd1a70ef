import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  confusionMatrix,
  DataLoader,
  HistoryLogger,
  meanSquaredError,
  seeded,
  Trainer,
  type Field,
} from "@fulmine/core";
import { fromLayers, type FromLayersOptions } from "../../src/fromLayers/fromLayers.js";

const [ROWS, BATCH, EPOCHS, LR] = [24, 10, 2, 0.2];
const quiet = { enableProgressBar: false, enableModelSummary: false, maxEpochs: EPOCHS } as const;

/** A model that tells a number and a kind. */
const twoOutputs = (first = "number"): tf.LayersModel =>
  seeded(5, () => {
    const input = tf.input({ shape: [3] });
    const shared = tf.layers.dense({ units: 4, activation: "tanh" }).apply(input);
    const number = tf.layers.dense({ units: 1, name: first }).apply(shared);
    const kind = tf.layers.dense({ units: 3, activation: "softmax", name: "kind" }).apply(shared);
    return tf.model({ inputs: input, outputs: [number, kind] as tf.SymbolicTensor[] });
  });

const oneOutput = (): tf.Sequential =>
  seeded(3, () =>
    tf.sequential({
      layers: [tf.layers.dense({ inputShape: [3], units: 3, activation: "softmax", name: "kind" })],
    }),
  );

const xs = {
  values: Float32Array.from({ length: ROWS * 3 }, (_, at) => Math.sin(at * at)),
  shape: [ROWS, 3],
};
const number = { values: Float32Array.from({ length: ROWS }, (_, row) => Math.cos(row)), shape: [ROWS, 1] };
const classes = Int32Array.from({ length: ROWS }, (_, row) => (row * row) % 3);
const oneHot = {
  values: Float32Array.from({ length: ROWS * 3 }, (_, at) => Number(classes[Math.floor(at / 3)] === at % 3)),
  shape: [ROWS, 3],
};
const weights = Float32Array.from({ length: ROWS }, (_, row) => (row % 4) / 2);

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [at, value] of actual.entries())
    expect(Math.abs(value - (expected[at] ?? NaN))).toBeLessThan(
      2e-6 * Math.max(1, Math.abs(expected[at] ?? 0)),
    );
}

interface Fitted {
  readonly weights: number[];
  readonly logged: (name: string) => number[];
}

const weightsOf = (net: tf.LayersModel): number[] =>
  net.getWeights().flatMap((weight) => [...weight.dataSync()]);

async function fit(
  net: tf.LayersModel,
  options: FromLayersOptions,
  fields: Record<string, Field>,
): Promise<Fitted> {
  const module = fromLayers(net, { optimizer: "sgd", lr: LR, ...options });
  const logger = new HistoryLogger();
  const trainer = new Trainer({ ...quiet, logger });
  const loader = new DataLoader(fields, { batchSize: BATCH });
  await trainer.fit(module, { train: loader, val: loader });
  trainer.dispose();
  return { weights: weightsOf(net), logged: (name) => logger.of(name).map(({ value }) => value) };
}

describe("classWeight is that of model.fit", () => {
  const classWeight = { 0: 0.5, 1: 3, 2: 0 };

  test.each([
    ["class indices", "sparseCategoricalCrossentropy", classes],
    ["one-hot rows", "categoricalCrossentropy", oneHot],
  ] as const)("for %s, in training only", async (_, loss, ys) => {
    const peer = oneOutput();
    peer.compile({ optimizer: tf.train.sgd(LR), loss, metrics: ["accuracy"] });
    const tensors = [
      tf.tensor(xs.values, xs.shape),
      ys === classes ? tf.tensor2d(classes, [ROWS, 1], "float32") : tf.tensor(oneHot.values, oneHot.shape),
    ] as const;
    const { history } = await peer.fit(...tensors, {
      ...{ batchSize: BATCH, epochs: EPOCHS, shuffle: false, classWeight },
      validationData: [...tensors],
    });
    const ours = await fit(oneOutput(), { loss, metrics: ["accuracy"], classWeight }, { xs, ys });
    expectClose(ours.weights, weightsOf(peer));
    for (const name of ["loss", "acc", "val_loss", "val_acc"])
      expectClose(ours.logged(name), history[name] as number[]);
  });

  test("for one of two outputs, whose losses are logged too", async () => {
    const loss = { number: "meanSquaredError", kind: "categoricalCrossentropy" } as const;
    const peer = twoOutputs();
    peer.compile({ optimizer: tf.train.sgd(LR), loss });
    const { history } = await peer.fit(
      tf.tensor(xs.values, xs.shape),
      [tf.tensor(number.values, number.shape), tf.tensor(oneHot.values, oneHot.shape)],
      // The declared type leaves out the object by output that the function reads.
      { batchSize: BATCH, epochs: EPOCHS, shuffle: false, classWeight: { kind: classWeight } as never },
    );
    const fields = { [twoOutputs().inputNames[0] ?? ""]: xs, number, kind: oneHot };
    const net = twoOutputs();
    const inputName = net.inputNames[0] ?? "";
    const named = { ...fields, [inputName]: xs };
    const ours = await fit(net, { loss, classWeight: { kind: classWeight } }, named);
    expectClose(ours.weights, weightsOf(peer));
    for (const name of ["loss", "number_loss", "kind_loss"])
      expectClose(ours.logged(name), history[name] as number[]);
  });
});

describe("sampleWeight", () => {
  const loss = "categoricalCrossentropy";

  test("equals class weights of the same size, and gradients of examples that occur as often", async () => {
    const classWeight = { 0: 0.5, 1: 3, 2: 1 };
    const sampleWeight = Float32Array.from(classes, (at) => classWeight[at as 0 | 1 | 2]);
    const byClass = await fit(oneOutput(), { loss, classWeight }, { xs, ys: oneHot });
    const byExample = await fit(oneOutput(), { loss }, { xs, ys: oneHot, sampleWeight });
    expectClose(byExample.weights, byClass.weights);
    expectClose(byExample.logged("loss"), byClass.logged("loss"));
    // Held-out examples have their weights too.
    expect(byExample.logged("val_loss")[0]).not.toBeCloseTo(byClass.logged("val_loss")[0] ?? NaN, 3);
  });

  test("divides by the number of examples as Keras does, and multiplies class weights", async () => {
    const net = oneOutput();
    const probabilities = net.predict(tf.tensor(xs.values, xs.shape)) as tf.Tensor2D;
    const rows = await probabilities.array();
    const classWeight = { 0: 2, 1: 1, 2: 0.5 };
    const losses = Array.from(classes, (at, row) => -Math.log(rows[row]?.[at] ?? NaN));
    const sum = (factors: (row: number) => number): number =>
      losses.reduce((total, value, row) => total + value * factors(row), 0) / ROWS;
    const module = fromLayers(net, {
      loss,
      classWeight,
      optimizer: "sgd",
      lr: 0,
      weightedMetrics: ["accuracy"],
    });
    const trainer = new Trainer({ ...quiet, maxEpochs: 1 });
    const loader = new DataLoader({ xs, ys: oneHot, sampleWeight: weights }, { batchSize: ROWS });
    const { metrics } = await trainer.fit(module, { train: loader, val: loader });
    const factor = (row: number): number => (weights[row] ?? 0) * classWeight[classes[row] as 0 | 1 | 2];
    expectClose([metrics["loss"] ?? NaN], [sum(factor)]);
    expectClose([metrics["val_loss"] ?? NaN], [sum((row) => weights[row] ?? NaN)]);
    const isRight = rows.map((row, at) => Number(row.indexOf(Math.max(...row)) === classes[at]));
    const share = (factors: (row: number) => number): number =>
      isRight.reduce((total, right, row) => total + right * factors(row), 0) /
      isRight.reduce((total, _, row) => total + factors(row), 0);
    expectClose([metrics["acc"] ?? NaN], [share(factor)]);
    expectClose([metrics["val_acc"] ?? NaN], [share((row) => weights[row] ?? NaN)]);
    trainer.dispose();
  });

  test("may differ by output, and lossWeights add the outputs up", async () => {
    const lossWeights = { number: 0.25, kind: 3 };
    const losses = { number: "mse", kind: "categoricalCrossentropy" } as const;
    const net = twoOutputs();
    const batch = {
      xs: tf.tensor(xs.values, xs.shape),
      ys: [tf.tensor(number.values, number.shape), tf.tensor(oneHot.values, oneHot.shape)],
      sampleWeight: { number: tf.tensor1d(weights) },
    };
    const trainer = new Trainer(quiet);
    const scored = async (sampleWeight: object): Promise<Readonly<Record<string, number>>> =>
      trainer.test(fromLayers(net, { loss: losses, lossWeights }), [{ ...batch, ...sampleWeight }]);
    const [plain, weighted] = [await scored({ sampleWeight: undefined }), await scored({})];
    for (const one of [plain, weighted])
      expectClose(
        [one["test_loss"] ?? NaN],
        [0.25 * (one["test_number_loss"] ?? NaN) + 3 * (one["test_kind_loss"] ?? NaN)],
      );
    expect(weighted["test_kind_loss"]).toBe(plain["test_kind_loss"]);
    const [predicted] = net.predict(batch.xs) as tf.Tensor[];
    const errors = Array.from(
      (await predicted?.data()) ?? [],
      (value, row) => (value - (number.values[row] ?? 0)) ** 2,
    );
    const mean = errors.reduce((sum, error, row) => sum + error * (weights[row] ?? NaN), 0) / ROWS;
    expectClose([weighted["test_number_loss"] ?? NaN], [mean]);
    trainer.dispose();
  });
});

test("a test logs what model.evaluate returns, and metric objects of the whole pass", async () => {
  const net = twoOutputs();
  const losses = ["mse", "categoricalCrossentropy"] as const;
  net.compile({ optimizer: "sgd", loss: ["meanSquaredError", losses[1]], metrics: { kind: "accuracy" } });
  const batches = {
    xs: tf.tensor(xs.values, xs.shape),
    ys: [tf.tensor(number.values, number.shape), tf.tensor(oneHot.values, oneHot.shape)],
  };
  const values = net.evaluate(batches.xs, batches.ys) as tf.Scalar[];
  const trainer = new Trainer(quiet);
  const module = fromLayers(net, {
    loss: losses,
    metrics: { kind: ["accuracy"] },
    weightedMetrics: { kind: ["mse"] },
  });
  const metrics = await trainer.test(module, [batches]);
  expect(Object.keys(metrics).toSorted()).toEqual([
    "test_kind_acc",
    "test_kind_loss",
    "test_kind_mse",
    "test_loss",
    "test_number_loss",
  ]);
  // With two outputs tfjs gives the first output's loss before the total, which it calls number_loss.
  const names = ["number_loss", ...net.metricsNames];
  for (const [at, name] of names.entries())
    expectClose([metrics[`test_${name}`] ?? NaN], [...(values[at]?.dataSync() ?? [])]);
  await trainer.test(module, [batches]);
  const before = tf.memory().numTensors;
  await trainer.test(fromLayers(net, { loss: losses, metrics: { mse: meanSquaredError() } }), [batches]);
  expect(tf.memory().numTensors).toBe(before);
  trainer.dispose();
});

test("two outputs of one layer are logged apart", async () => {
  const inputs = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];
  const head = tf.layers.dense({ units: 1, name: "head" });
  const outputs = inputs.map((input) => head.apply(input) as tf.SymbolicTensor);
  const trainer = new Trainer(quiet);
  const rows = tf.tensor(xs.values, xs.shape);
  const targets = tf.tensor(number.values, number.shape);
  const metrics = await trainer.test(fromLayers(tf.model({ inputs, outputs }), { loss: "mse" }), [
    { xs: [rows, tf.neg(rows)], ys: [targets, targets] },
  ]);
  const errorOf = async (given: tf.Tensor): Promise<number> =>
    (await tf.mean(tf.squaredDifference(head.apply(given) as tf.Tensor, targets)).data())[0] ?? NaN;
  expectClose(
    [metrics["test_head_loss"] ?? NaN, metrics["test_head_1_loss"] ?? NaN],
    [await errorOf(rows), await errorOf(tf.neg(rows))],
  );
  trainer.dispose();
});

describe("fromLayers refuses", () => {
  const loss = "categoricalCrossentropy";
  const bad: [string, () => unknown, string][] = [
    [
      "a class that the model has no unit for",
      () => fromLayers(oneOutput(), { loss, classWeight: { 3: 1 } }),
      "for class indices from 0 to 2",
    ],
    [
      "a weight below 0",
      () => fromLayers(oneOutput(), { loss, classWeight: { 0: -1 } }),
      "a weight of at least 0",
    ],
    [
      "class weights that name no output of two",
      () => fromLayers(twoOutputs(), { loss, classWeight: { 0: 1 } }),
      "to which output the classes belong",
    ],
    [
      "class weights of an output that is none",
      () => fromLayers(oneOutput(), { loss, classWeight: { out: { 0: 1 } } }),
      "`classWeight` must have one entry for each output",
    ],
    [
      "loss weights of an output that is none",
      () => fromLayers(oneOutput(), { loss, lossWeights: { out: 1 } }),
      "The outputs are: kind.",
    ],
    [
      "too few loss weights",
      () => fromLayers(twoOutputs(), { loss, lossWeights: [1] }),
      "The outputs are: number, kind.",
    ],
    [
      "a loss weight that is no number",
      () => fromLayers(oneOutput(), { loss, lossWeights: [NaN] }),
      "`lossWeights` of `fromLayers` must be",
    ],
    [
      "a metric twice",
      () => fromLayers(oneOutput(), { loss, metrics: ["mse"], weightedMetrics: ["mse"] }),
      "two values as `mse`",
    ],
    [
      "an output whose training loss would be the validation's",
      () => fromLayers(twoOutputs("val"), { loss }),
      "would log two values as `val_loss`",
    ],
    [
      "an output twice",
      () => {
        const inputs = tf.input({ shape: [3] });
        const output = tf.layers.dense({ units: 1 }).apply(inputs) as tf.SymbolicTensor;
        return fromLayers(tf.model({ inputs, outputs: [output, output] }), { loss: "mse" });
      },
      "has the same output twice",
    ],
    [
      "metrics whose names meet those of another output",
      () => fromLayers(twoOutputs("kind_of"), { loss, metrics: { acc: "mse", of_acc: "mae" } }),
      "would log two values as `kind_of_acc`",
    ],
    [
      "a matrix, which can't be logged",
      () => fromLayers(oneOutput(), { loss, metrics: { m: confusionMatrix({ numClasses: 3 }) as never } }),
      "no number can't be logged",
    ],
  ];
  test.each(bad)("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  const fitting = async (options: Partial<FromLayersOptions>, batch: object): Promise<unknown> => {
    const trainer = new Trainer(quiet);
    const whole = { xs: tf.zeros([4, 3]), ys: tf.oneHot([0, 1, 2, 0], 3), ...batch };
    return trainer
      .fit(fromLayers(oneOutput(), { loss, ...options }), { train: [whole] })
      .finally(() => trainer.dispose());
  };
  test("classes without a weight, and rows of several labels", async () => {
    await expect(fitting({ classWeight: { 0: 1, 1: 2 } }, {})).rejects.toThrow(
      "no weight for a class of the targets of the output `kind`. Received: 2.",
    );
    const ys = tf.tensor2d([[1, 1, 0]]).tile([4, 1]);
    await expect(fitting({ classWeight: { 0: 1, 1: 1, 2: 1 } }, { ys })).rejects.toThrow("one-hot rows");
  });

  test("weights under another name, of another size, and of a loss that is a mean already", async () => {
    await expect(fitting({}, { weights: tf.ones([4]) })).rejects.toThrow(
      "Example weights are called `sampleWeight`",
    );
    await expect(fitting({}, { sampleWeight: tf.ones([3]) })).rejects.toThrow(
      "`sampleWeight` must have one weight per example, [4], or one per loss, [4]. Received: [3].",
    );
    await expect(fitting({}, { sampleWeight: { out: tf.ones([4]) } })).rejects.toThrow(
      "The outputs are: kind.",
    );
    const mean = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => tf.losses.meanSquaredError(yTrue, yPred);
    await expect(fitting({ loss: mean }, { sampleWeight: tf.ones([4]) })).rejects.toThrow(
      "must have one value per example to be weighted",
    );
  });
});
