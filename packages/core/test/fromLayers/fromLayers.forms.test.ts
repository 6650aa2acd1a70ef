import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { DataLoader, f1, FulmineError, seeded, Trainer } from "@fulmine/core";
import { fromLayers } from "../../src/fromLayers/fromLayers.js";
import type { MetricChoices } from "../../src/fromLayers/metricsFor.js";
import type { OptimizerName } from "../../src/fromLayers/optimizerFor.js";

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 1 } as const;
const loss = "binaryCrossentropy";
const build = (name = "score"): tf.Sequential =>
  tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1, activation: "sigmoid", name })] });
const [xs, ys] = [tf.zeros([4, 2]), tf.zeros([4, 1])];
const mae = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => tf.abs(tf.sub(yTrue, yPred));

describe("fromLayers takes metrics as", () => {
  const forms: [string, MetricChoices, string[]][] = [
    ["a name alone", "accuracy", ["acc", "loss"]],
    ["a function alone", mae, ["loss", "mae"]],
    ["a list of both", ["mse", mae], ["loss", "mae", "mse"]],
    ["none", [], ["loss"]],
    ["names by output, as in tfjs", { score: ["accuracy", "mse"] }, ["acc", "loss", "mse"]],
    ["names of yours", { right: "accuracy", off: mae }, ["loss", "off", "right"]],
  ];
  test.each(forms)("%s", async (_, metrics, logged) => {
    const module = fromLayers(build(), { loss, metrics });
    const result = await new Trainer(quiet).fit(module, { train: [{ xs, ys }] });
    const names = Object.keys(result.metrics).filter((name) => name !== "train_loss");
    expect(names.toSorted()).toEqual(logged);
  });

  test("other ones for each output, as in tfjs", async () => {
    const input = tf.input({ shape: [2] });
    const [a, b] = ["a", "b"].map((name) => tf.layers.dense({ units: 1, name }).apply(input));
    const net = tf.model({ inputs: input, outputs: [a, b] as tf.SymbolicTensor[] });
    const module = fromLayers(net, { loss: "meanSquaredError", metrics: { a: "mae", b: ["mse", mae] } });
    const batch = { xs, ys: { a: ys, b: ys } };
    const { metrics } = await new Trainer(quiet).fit(module, { train: [batch] });
    expect(Object.keys(metrics).filter((name) => /^[ab]_m/.test(name))).toEqual(["a_mae", "b_mse", "b_mae"]);
  });
});

describe("fromLayers refuses", () => {
  const bad: [string, unknown, string][] = [
    ["no options", undefined, "takes its options as an object"],
    ["options without a loss", {}, "`loss` of `fromLayers` must be"],
    ["no loss", { loss: null }, "`loss` of `fromLayers` must be"],
    ["a loss that is a list in a list", { loss: [[loss]] }, "`loss` of `fromLayers` must be"],
    ["no metrics", { loss, metrics: null }, "`metrics` of `fromLayers` must be"],
    ["a number of metrics", { loss, metrics: 2 }, "`metrics` of `fromLayers` must be"],
    ["a metric that is null", { loss, metrics: [null] }, "`metrics` must contain"],
    [
      "a list within a name",
      { loss, metrics: { mine: ["mse"] } },
      "must contain names of metrics, functions",
    ],
    ["a metric object alone", { loss, metrics: f1() }, "A metric object needs a name"],
    ["a function without a name", { loss, metrics: [() => ys] }, "A function without a name"],
    ["a metric twice", { loss, metrics: ["accuracy", "acc"] }, "two values as `acc`"],
    ["a metric called loss", { loss, metrics: { loss: "mse" } }, "two values as `loss`"],
    ["no optimizer", { loss, optimizer: null }, "`optimizer` of `fromLayers` must be"],
    ["an optimizer instead of its maker", { loss, optimizer: tf.train.adam() }, "Received: AdamOptimizer"],
    ["a rate that is a text", { loss, lr: "0.1" }, "`lr` of `fromLayers` must be"],
  ];
  test.each(bad)("%s", (_, options, message) => {
    const make = (): unknown => fromLayers(build(), options as never);
    expect(make).toThrow(FulmineError);
    expect(make).toThrow(message);
  });
});

describe("a batch that does not tell inputs from targets is refused in training and in validation:", () => {
  const mistaken: [string, unknown, string][] = [
    ["a pair", [xs, ys], "must name inputs and targets. Received: [Tensor, Tensor]. Pass { xs, ys }"],
    ["a tensor alone", xs, "must name inputs and targets. Received: Tensor"],
    ["two tensors for one input", { xs: [xs, xs], ys }, "`xs` of the batch must have one tensor"],
    ["no tensor for one output", { xs, ys: [] }, "`ys` of the batch must have one tensor for each output"],
    ["numbers", { xs: new Float32Array(8), ys }, "no tensor for the model's input"],
    ["a text", "batch", "must name inputs and targets"],
  ];
  test.each(mistaken)("%s", async (_, batch, message) => {
    const fit = (train: unknown, val: unknown): Promise<unknown> =>
      new Trainer(quiet).fit(fromLayers(build(), { loss }), { train: [train], val: [val] } as never);
    await expect(fit(batch, { xs, ys })).rejects.toThrow(message);
    await expect(fit({ xs, ys }, batch)).rejects.toThrow(message);
  });

  test("but predictions need inputs alone", async () => {
    const module = fromLayers(build(), { loss });
    const [alone] = await new Trainer(quiet).predict(module, [xs] as never);
    const [named] = await new Trainer(quiet).predict(module, [{ xs }] as never);
    expect((alone as tf.Tensor).arraySync()).toEqual((named as tf.Tensor).arraySync());
  });

  test("labels that are no class numbers", async () => {
    const net = tf.sequential({
      layers: [tf.layers.dense({ inputShape: [2], units: 3, activation: "softmax" })],
    });
    const module = fromLayers(net, { loss: "sparseCategoricalCrossentropy" });
    await expect(new Trainer(quiet).fit(module, { train: [{ xs, ys: tf.zeros([4, 3]) }] })).rejects.toThrow(
      "must be a class index for each row of the model's output, [4, 3]. Received: [4, 3].",
    );
  });
});

test("an output may be called as every object's members are", async () => {
  const net = build("constructor");
  expect(() => fromLayers(net, { loss: {} })).toThrow("no entry for the output `constructor`");
  const module = fromLayers(net, { loss: Object.fromEntries([["constructor", loss]]) });
  const fit = (batch: object): Promise<unknown> =>
    new Trainer(quiet).fit(module, { train: [batch as never] });
  await expect(fit({ xs })).rejects.toThrow("no tensor for the model's output `constructor`");
  await fit({ xs, ys });
});

describe("an optimizer by tfjs's name gives tfjs's weights, also where gradients are tiny:", () => {
  const names = ["sgd", "adam", "adamax", "adagrad", "adadelta", "rmsprop"] as const;
  test.each(names satisfies readonly OptimizerName[])("%s", async (name) => {
    const lr = { sgd: 0.1, adam: 0.01, adamax: 0.01, adagrad: 0.01, adadelta: 1, rmsprop: 0.01 }[name];
    const make = (): tf.Sequential =>
      seeded(3, () =>
        tf.sequential({
          layers: [
            tf.layers.dense({ inputShape: [4], units: 8, activation: "tanh" }),
            tf.layers.dense({ units: 3, activation: "softmax" }),
          ],
        }),
      );
    const [peer, ours] = [make(), make()];
    ours.setWeights(peer.getWeights());
    const inputs = tf.randomNormal([32, 4], 0, 1e-3, "float32", 1);
    const classes = tf.tensor1d(
      Array.from({ length: 32 }, (_, row) => (row * 7) % 3),
      "int32",
    );
    const targets = tf.cast(tf.oneHot(classes, 3), "float32");
    peer.compile({ loss: "categoricalCrossentropy", optimizer: tf.train[name](lr) });
    await peer.fit(inputs, targets, { batchSize: 16, epochs: 5, shuffle: false });
    const module = fromLayers(ours, { loss: "categoricalCrossentropy", optimizer: name, lr });
    const train = new DataLoader({ xs: inputs, ys: targets }, { batchSize: 16 });
    await new Trainer({ ...quiet, maxEpochs: 5 }).fit(module, { train });
    for (const [at, weight] of ours.getWeights().entries()) {
      const expected = peer.getWeights()[at]?.dataSync() ?? [];
      for (const [index, value] of weight.dataSync().entries())
        expect(value).toBeCloseTo(expected[index] ?? NaN, 4);
    }
  });
});
