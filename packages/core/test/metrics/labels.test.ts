import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  accuracy,
  auroc,
  DataLoader,
  f1,
  fromLayers,
  perplexity,
  topKAccuracy,
  Trainer,
} from "@fulmine/core";
import { type StreamingMetric } from "@fulmine/core/plugin";

const quiet = { enableProgressBar: false, enableModelSummary: false, maxEpochs: 1 } as const;
const makeNet = (): tf.Sequential =>
  tf.sequential({
    layers: [tf.layers.dense({ inputShape: [2], units: 3, activation: "softmax", name: "out" })],
  });
const loaderOf = (labels: readonly number[]): DataLoader =>
  new DataLoader({
    xs: { values: new Float32Array(2 * labels.length), shape: [labels.length, 2] },
    ys: Float32Array.from(labels),
  });

describe("labels for which a model has no unit", () => {
  test.each([[3], [-1], [0.5], [NaN]])(
    "%d is refused before the step that would train on it",
    async (odd) => {
      const net = makeNet();
      const before = net.getWeights().map((weight) => [...weight.dataSync()]);
      const model = fromLayers(net, { loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
      await expect(new Trainer(quiet).fit(model, { train: loaderOf([0, 1, odd]) })).rejects.toThrow(
        `The targets of the output \`out\` must be class indices from 0 to 2. Received: ${odd}.`,
      );
      expect(net.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before);
    },
  );

  test("are refused on held-out data, and where only a metric takes them", async () => {
    const model = fromLayers(makeNet(), {
      loss: (_, yPred) => yPred,
      metrics: ["sparseCategoricalAccuracy"],
    });
    await expect(new Trainer(quiet).validate(model, loaderOf([0, 7]))).rejects.toThrow("Received: 7.");
  });

  const scores = tf.tensor2d([[0.2, 0.3, 0.5]]);
  const metrics: [string, StreamingMetric<never>][] = [
    ["accuracy", accuracy()],
    ["f1", f1()],
    ["auroc", auroc()],
    ["perplexity", perplexity()],
    ["topKAccuracy", topKAccuracy({ k: 2 })],
  ] as never;
  test.each(metrics)("are refused by %s when it is computed, and it goes on after", async (_, metric) => {
    const tensors = tf.memory().numTensors;
    tf.tidy(() => metric.update(scores, tf.tensor1d([3], "int32")));
    tf.tidy(() => metric.update(scores, tf.tensor1d([2], "int32")));
    await expect(metric.compute()).rejects.toThrow(
      "The targets of a metric must be class indices from 0 to 2. Received: 3.",
    );
    expect(tf.memory().numTensors).toBe(tensors);
    metric.reset();
    tf.tidy(() => metric.update(scores, tf.tensor1d([2], "int32")));
    await metric.compute();
    metric.reset();
  });

  test("that perplexity ignores may be any", async () => {
    const metric = perplexity({ ignoreIndex: -100 });
    tf.tidy(() => metric.update(tf.tensor2d([[5, 0], [0, 9]]), tf.tensor1d([0, -100], "int32"))); // prettier-ignore
    expect(await metric.compute()).toBeCloseTo(1 + Math.exp(-5), 5);
  });
});

describe("a batch without examples", () => {
  const empty = (): object =>
    tf.tidy(() => ({ xs: tf.keep(tf.zeros([0, 2])), ys: tf.keep(tf.zeros([0, 3])) }));
  test.each(["train", "val"])("is refused as %s", async (part) => {
    const model = fromLayers(makeNet(), { loss: "meanSquaredError" });
    const good = new DataLoader({
      xs: { values: new Float32Array(4), shape: [2, 2] },
      ys: { values: new Float32Array(6), shape: [2, 3] },
    });
    const data = { train: good, val: good, [part]: [empty()] };
    await expect(new Trainer(quiet).fit(model, data)).rejects.toThrow(
      `Batch 0 of \`${part}\` has no examples.`,
    );
  });
});
