import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { DataLoader, FulmineError, HistoryLogger, seeded, sgd, Trainer } from "@fulmine/core";
import { fromLayers } from "../../src/fromLayers/fromLayers.js";
import { layersLosses } from "../../src/fromLayers/layersLosses.js";
import { fullLossName, type LayersLossName } from "../../src/fromLayers/lossNames.js";
import { auroc } from "../../src/metrics/auroc.js";
import { f1 } from "../../src/metrics/precisionRecall.js";

const LR = 0.1;
const [ROWS, VAL_ROWS, BATCH, EPOCHS] = [44, 20, 16, 3];

interface Architecture {
  readonly layers: () => tf.layers.Layer[];
  readonly inputShape: number[];
  readonly loss: LayersLossName;
  readonly metrics: string[];
  /** Targets of a row of noise. */
  readonly target: (row: number) => number[];
  readonly isTokens?: boolean;
  /** A kernel that its gradients need and a backend may lack. */
  readonly needs?: string;
}

const label = (row: number): number[] => [row % 3];
const oneHot = (row: number): number[] => [0, 1, 2].map((index) => (row % 3 === index ? 1 : 0));

const architectures: Record<string, Architecture> = {
  "an mlp": {
    layers: () => [
      tf.layers.dense({ inputShape: [5], units: 8, activation: "tanh", kernelRegularizer: "l1l2" }),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
    inputShape: [5],
    loss: "categoricalCrossentropy",
    metrics: ["accuracy", "mse"],
    target: oneHot,
  },
  "an mlp with BatchNorm": {
    layers: () => [
      tf.layers.dense({ inputShape: [5], units: 8 }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.dense({ units: 1 }),
    ],
    inputShape: [5],
    loss: "meanSquaredError",
    metrics: ["mae"],
    target: (row) => [Math.sin(row)],
  },
  "a cnn": {
    layers: () => [
      tf.layers.conv2d({ inputShape: [6, 6, 2], filters: 3, kernelSize: 3, activation: "relu" }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
    inputShape: [6, 6, 2],
    loss: "sparseCategoricalCrossentropy",
    metrics: ["acc", "ce"],
    target: label,
    needs: "Conv2DBackpropFilter",
  },
  "an embedding, pooled": {
    layers: () => [
      tf.layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 6 }),
      tf.layers.globalAveragePooling1d({}),
      tf.layers.dense({ units: 1, activation: "sigmoid" }),
    ],
    inputShape: [6],
    loss: "binaryCrossentropy",
    metrics: ["accuracy"],
    target: (row) => [row % 2],
    isTokens: true,
    needs: "UnsortedSegmentSum",
  },
  "a GRU": {
    layers: () => [
      tf.layers.gru({ inputShape: [4, 3], units: 5 }),
      tf.layers.dense({ units: 2, activation: "linear" }),
    ],
    inputShape: [4, 3],
    loss: "meanAbsoluteError",
    metrics: ["mse"],
    target: (row) => [Math.sin(row), Math.cos(row)],
  },
};

interface Fields {
  readonly xs: { readonly values: Float32Array; readonly shape: number[] };
  readonly ys: { readonly values: Float32Array; readonly shape: number[] };
}

function makeFields({ inputShape, target, isTokens = false }: Architecture, rows: number, from = 0): Fields {
  const width = inputShape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: rows * width }, (_, at) => {
    const noise = Math.sin((at + from) * 12.9898) * 43758.5453;
    const share = noise - Math.floor(noise);
    return isTokens ? Math.floor(share * 9) : share * 2 - 1;
  });
  const targets = Array.from({ length: rows }, (_, row) => target(row + from));
  return {
    xs: { values, shape: [rows, ...inputShape] },
    ys: { values: Float32Array.from(targets.flat()), shape: [rows, targets[0]?.length ?? 0] },
  };
}

const toTensors = ({ xs, ys }: Fields): [tf.Tensor, tf.Tensor] => [
  tf.tensor(xs.values, xs.shape),
  tf.tensor(ys.values, ys.shape),
];

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [at, value] of actual.entries()) {
    const wanted = expected[at] ?? NaN;
    expect(Math.abs(value - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
  }
}

describe("fromLayers trains as model.fit does", () => {
  test.each(Object.entries(architectures))("%s", async (_, architecture) => {
    const { needs } = architecture;
    // The peer can't train it there either.
    const kernels = tf.getKernelsForBackend(tf.getBackend()).map(({ kernelName }) => kernelName);
    if (needs !== undefined && !kernels.includes(needs)) return;
    const build = (): tf.Sequential => seeded(3, () => tf.sequential({ layers: architecture.layers() }));
    const [train, val] = [makeFields(architecture, ROWS), makeFields(architecture, VAL_ROWS, 7)];
    const { loss, metrics } = architecture;

    const peer = build();
    peer.compile({ optimizer: tf.train.sgd(LR), loss, metrics });
    const { history } = await peer.fit(...toTensors(train), {
      batchSize: BATCH,
      epochs: EPOCHS,
      shuffle: false,
      validationData: toTensors(val),
    });

    const net = build();
    const module = fromLayers(net, { optimizer: "sgd", lr: LR, loss, metrics });
    const logger = new HistoryLogger();
    const trainer = new Trainer({ maxEpochs: EPOCHS, seed: 1, enableProgressBar: false, logger });
    const data = {
      train: new DataLoader(train, { batchSize: BATCH }),
      val: new DataLoader(val, { batchSize: BATCH }),
    };
    await trainer.fit(module, data);
    trainer.dispose();

    const weights = (model: tf.LayersModel): number[] =>
      model.getWeights().flatMap((weight) => [...weight.dataSync()]);
    expectClose(weights(net), weights(peer), 1e-6);
    expect(Object.keys(history).length).toBeGreaterThan(3);
    for (const [name, values] of Object.entries(history))
      expectClose(
        logger.of(name).map(({ value }) => value),
        values as number[],
        1e-6,
      );
  });

  test("a model of several inputs and outputs", async () => {
    const build = (): tf.LayersModel =>
      seeded(5, () => {
        const [a, b] = [tf.input({ shape: [3], name: "a" }), tf.input({ shape: [2], name: "b" })];
        const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
        const number = tf.layers.dense({ units: 1, name: "number" }).apply(joined) as tf.SymbolicTensor;
        const kind = tf.layers.dense({ units: 2, activation: "softmax", name: "kind" }).apply(joined);
        return tf.model({ inputs: [a, b], outputs: [number, kind as tf.SymbolicTensor] });
      });
    const wave = (rows: number, width: number): Fields["xs"] => ({
      values: Float32Array.from({ length: rows * width }, (_, at) => Math.sin(at * at)),
      shape: [rows, width],
    });
    const kinds = {
      values: Float32Array.from({ length: 48 }, (_, at) => (at + (at >> 1)) % 2),
      shape: [24, 2],
    };
    const fields = { a: wave(24, 3), b: wave(24, 2), number: wave(24, 1), kind: kinds };
    const tensor = ({ values, shape }: Fields["xs"]): tf.Tensor => tf.tensor(values, shape);
    const loss = { number: "meanSquaredError", kind: "categoricalCrossentropy" } as const;

    const peer = build();
    peer.compile({ optimizer: tf.train.sgd(LR), loss, metrics: ["accuracy"] });
    const { history } = await peer.fit(
      [tensor(fields.a), tensor(fields.b)],
      [tensor(fields.number), tensor(kinds)],
      {
        batchSize: 10,
        epochs: 2,
        shuffle: false,
      },
    );

    const net = build();
    const logger = new HistoryLogger();
    const trainer = new Trainer({ maxEpochs: 2, enableProgressBar: false, logger });
    const module = fromLayers(net, { optimizer: sgd, lr: LR, loss, metrics: ["accuracy"] });
    await trainer.fit(module, { train: new DataLoader(fields, { batchSize: 10 }) });
    for (const name of ["loss", "number_loss", "kind_loss", "number_acc", "kind_acc"])
      expectClose(
        logger.of(name).map(({ value }) => value),
        history[name] as number[],
        1e-6,
      );
    trainer.dispose();
  });
});

describe("the losses are those of tf.layers", () => {
  const [signs, scores] = [tf.tensor2d([[1, -1, 1]]), tf.tensor2d([[0.4, 2, -3]])];
  const [shares, guesses] = [tf.tensor2d([[0, 0.3, 0.7]]), tf.tensor2d([[0.2, 0, 0.9]])];
  const cases: [LayersLossName, tf.Tensor, tf.Tensor][] = [
    ["mse", signs, scores],
    ["mae", signs, scores],
    ["mape", tf.tensor2d([[-4, 2, 1e-3]]), scores],
    ["msle", tf.tensor2d([[0, 2, 30]]), scores],
    ["hinge", signs, scores],
    ["squaredHinge", signs, scores],
    ["categoricalHinge", tf.tensor2d([[0, 1, 0]]), scores],
    ["logcosh", signs, tf.tensor2d([[1, 60, -80]])],
    ["kld", shares, guesses],
    ["poisson", tf.tensor2d([[0, 3, 1]]), tf.tensor2d([[0.5, 2, 0]])],
    ["cosineProximity", signs, scores],
    ["meanSquaredError", tf.tensor2d([[1, 2]]), tf.tensor2d([[0.5, 4]])],
    ["categoricalCrossentropy", tf.tensor2d([[0, 1, 0]]), tf.tensor2d([[0.2, 0, 0.9]])],
    [
      "sparseCategoricalCrossentropy",
      tf.tensor2d([[2], [0]]),
      tf.tensor2d([
        [0.2, 0.3, 0.1],
        [1, 0, 0],
      ]),
    ],
    ["binaryCrossentropy", tf.tensor2d([[1, 0, 1]]), tf.tensor2d([[0, 1, 0.3]])],
  ];
  test.each(cases)("%s, at the ends too", async (name, yTrue, yPred) => {
    const model = tf.sequential({
      layers: [tf.layers.activation({ activation: "linear", inputShape: [yPred.shape[1] ?? 0] })],
    });
    model.compile({ optimizer: "sgd", loss: fullLossName(name) });
    const peer = model.evaluate(yPred, yTrue) as tf.Scalar;
    const ours = tf.mean(layersLosses[fullLossName(name)](yTrue, yPred));
    expectClose([...ours.dataSync()], [...peer.dataSync()], 1e-6);
  });
});

describe("a module of a layers model", () => {
  const architecture: Architecture = {
    layers: () => [tf.layers.dense({ inputShape: [6], units: 1, activation: "sigmoid" })],
    inputShape: [6],
    loss: "binaryCrossentropy",
    metrics: [],
    target: (row) => [row % 2],
  };
  const build = (): tf.Sequential => seeded(3, () => tf.sequential({ layers: architecture.layers() }));
  const quiet = { enableProgressBar: false, seed: 1 };

  test("keeps its learning rate in hparams, by default that of tfjs", () => {
    const loss = "binaryCrossentropy";
    expect(fromLayers(build(), { loss }).hparams.lr).toBe(0.001);
    expect(fromLayers(build(), { loss, optimizer: "sgd" }).hparams.lr).toBe(0.01);
    const module = fromLayers(build(), { loss, optimizer: ({ lr }) => sgd({ lr, momentum: 0.9 }), lr: 0.5 });
    module.hparams.lr = 0.25;
    expect(module.configureOptimizers()).toMatchObject({ lr: 0.25 });
  });

  test("computes metric objects over the whole epoch, apart for training and held-out data", async () => {
    const fields = makeFields(architecture, ROWS);
    const module = fromLayers(build(), {
      optimizer: "sgd",
      loss: "binaryCrossentropy",
      metrics: { acc: "accuracy", f1: f1(), auc: auroc() },
    });
    const logged: Record<string, number> = {};
    const log = module.log.bind(module);
    module.log = (name, value, options) => {
      if (typeof value === "number") logged[name] = value;
      else log(name, value, options);
    };
    const trainer = new Trainer({ ...quiet, maxEpochs: 1 });
    const loader = new DataLoader(fields, { batchSize: BATCH });
    await trainer.fit(module, { train: loader, val: loader });
    expect(Object.keys(logged).toSorted()).toEqual(["auc", "f1", "val_auc", "val_f1"]);
    const scores = module.net.predict(tf.tensor(fields.xs.values, fields.xs.shape)) as tf.Tensor;
    const metric = auroc();
    metric.update(scores, tf.tensor(fields.ys.values, fields.ys.shape));
    expect(logged["val_auc"]).toBeCloseTo(await metric.compute(), 6);
    trainer.dispose();
  });

  test("leaks nothing", async () => {
    const module = fromLayers(build(), { loss: "binaryCrossentropy", metrics: { acc: "acc", f1: f1() } });
    const loader = new DataLoader(makeFields(architecture, ROWS), { batchSize: BATCH });
    const run = async (): Promise<number> => {
      const trainer = new Trainer({ ...quiet, maxEpochs: 2 });
      await trainer.fit(module, { train: loader, val: loader });
      trainer.dispose();
      return tf.memory().numTensors;
    };
    expect(await run()).toBe(await run());
  });

  test("takes labels as a flat list, and inputs by position", async () => {
    const { xs, ys } = makeFields(architecture, 16);
    const batch = { xs: [tf.tensor(xs.values, xs.shape)], ys: tf.tensor1d(ys.values) };
    const module = fromLayers(build(), { loss: "binaryCrossentropy", optimizer: "adam" });
    const { status } = await new Trainer({ ...quiet, maxEpochs: 1 }).fit(module, { train: [batch] });
    expect(status).toBe("finished");
  });

  const loss = "binaryCrossentropy";
  const bad: [string, () => unknown, string][] = [
    ["what is no model", () => fromLayers({} as never, { loss }), "takes a model of tf.layers"],
    [
      "a model without inputs",
      () => fromLayers(tf.sequential({ layers: [] }), { loss }),
      "Give `inputShape` to its first layer.",
    ],
    [
      "an unknown loss",
      () => fromLayers(build(), { loss: "mean_squared_error" as never }),
      'Received: "mean_squared_error". The names are:',
    ],
    [
      "an unknown optimizer",
      () => fromLayers(build(), { loss, optimizer: "lion" as never }),
      "`optimizer` of `fromLayers` must be",
    ],
    [
      "an unknown metric",
      () => fromLayers(build(), { loss, metrics: ["aucc"] }),
      "`metrics` must contain names",
    ],
    [
      "a metric object without a name",
      () => fromLayers(build(), { loss, metrics: [f1()] as never }),
      "needs a name",
    ],
    ["an unknown option", () => fromLayers(build(), { loss, epochs: 1 } as never), "no option `epochs`"],
    ["a loss for no output", () => fromLayers(build(), { loss: { y: loss } }), "one entry for each output"],
  ];
  test.each(bad)("refuses %s", (_, make, message) => {
    expect(make).toThrow(FulmineError);
    expect(make).toThrow(message);
  });

  test("names the input that a batch lacks, and targets of another shape", async () => {
    const module = fromLayers(build(), { loss });
    const trainer = new Trainer({ ...quiet, maxEpochs: 1 });
    const xs = tf.zeros([4, 6]);
    await expect(trainer.fit(module, { train: [{ xs }] })).rejects.toThrow(
      "no tensor for the model's output",
    );
    await expect(trainer.fit(module, { train: [{ xs, ys: tf.zeros([4, 2]) }] })).rejects.toThrow(
      "The targets of binaryCrossentropy must have the shape of the model's output, [4, 1]. Received: [4, 2].",
    );
  });
});
