import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { accuracy, topKAccuracy } from "../../src/metrics/accuracy.js";
import { auroc } from "../../src/metrics/auroc.js";
import { perplexity } from "../../src/metrics/perplexity.js";
import { f1, precision, recall } from "../../src/metrics/precisionRecall.js";
import { meanAbsoluteError, meanSquaredError, r2Score } from "../../src/metrics/regression.js";
import type { Metric } from "../../src/metrics/streamingMetric.js";

interface Case {
  readonly targets: number[] | number[][];
  readonly values: Readonly<Record<string, number>>;
}
interface RowCase extends Case {
  readonly predictions: number[][];
}
interface ClassCase extends RowCase {
  readonly probabilities: number[][];
  readonly targets: number[];
}
interface BinaryCase extends Case {
  readonly predictions: number[];
  readonly targets: number[];
  readonly threshold: number;
}

/** What scikit-learn makes of fixed inputs; see test/oracle/makeMetrics.py. */
const oracle = JSON.parse(
  readFileSync(new URL("../../../../test/oracle/metrics.json", import.meta.url), "utf8"),
) as {
  classes: Record<string, ClassCase>;
  binary: Record<string, BinaryCase>;
  numbers: Record<string, RowCase>;
};

/** Feeds a metric in batches of 16, the last one short, from within a tidy as a step does. */
async function feed(metric: Metric, predictions: tf.Tensor, targets: tf.Tensor): Promise<number> {
  const rows = predictions.shape[0];
  for (let start = 0; start < rows; start += 16) {
    const size = Math.min(16, rows - start);
    tf.tidy(() => metric.update(tf.slice(predictions, [start], [size]), tf.slice(targets, [start], [size])));
  }
  return metric.compute();
}

/** Compares a metric with scikit-learn, twice after a reset, and looks for leaks. */
async function check(
  metric: Metric,
  [predictions, targets]: [number[] | number[][], number[] | number[][]],
  expected: number | undefined,
  toTargets: (targets: tf.Tensor) => tf.Tensor = (given) => given,
): Promise<void> {
  const before = tf.memory().numTensors;
  const inputs = [tf.tensor(predictions), tf.tidy(() => toTargets(tf.tensor(targets)))] as const;
  for (let round = 0; round < 2; round++) {
    const value = await feed(metric, ...inputs);
    expect(Math.abs(value - (expected ?? NaN))).toBeLessThan(2e-6 * Math.max(1, Math.abs(expected ?? NaN)));
    metric.reset();
  }
  tf.dispose([...inputs]);
  expect(tf.memory().numTensors).toBe(before);
}

describe.each(Object.entries(oracle.classes))("classes as scikit-learn scores them: %s", (_, data) => {
  const { predictions, probabilities, targets, values } = data;
  const classes = predictions[0]?.length ?? 0;
  const oneHot = (given: tf.Tensor): tf.Tensor => tf.oneHot(given.toInt(), classes);
  const makers: Record<string, () => Metric> = {
    accuracy: () => accuracy(),
    top1: () => topKAccuracy({ k: 1 }),
    top2: () => topKAccuracy({ k: 2 }),
    top3: () => topKAccuracy({ k: 3 }),
    precision_macro: () => precision(),
    precision_micro: () => precision({ average: "micro" }),
    recall_macro: () => recall({ average: "macro" }),
    recall_micro: () => recall({ average: "micro" }),
    f1_macro: () => f1(),
    f1_micro: () => f1({ average: "micro" }),
    perplexity: () => perplexity(),
    ...("auroc" in values ? { auroc: () => auroc() } : {}),
  };
  test.each(Object.entries(makers))("%s", async (name, make) => {
    // The area is that of probabilities, for the softmax changes the order among examples.
    const inputs = name === "auroc" ? probabilities : predictions;
    await check(make(), [inputs, targets], values[name]);
    await check(make(), [inputs, targets], values[name], oneHot);
    await check(make(), [inputs, targets.map((target) => [target])], values[name]);
  });
  test("perplexity of probabilities", async () => {
    await check(perplexity({ fromLogits: false }), [probabilities, targets], values["perplexity"]);
  });
});

describe.each(Object.entries(oracle.binary))("yes and no as scikit-learn scores them: %s", (_, data) => {
  const { predictions, targets, values, threshold } = data;
  const given = threshold === 0.5 ? {} : { threshold };
  const makers: Record<string, () => Metric> = {
    accuracy: () => accuracy(given),
    auroc: () => auroc(),
    precision_binary: () => precision(given),
    precision_macro: () => precision({ ...given, average: "macro" }),
    recall_binary: () => recall({ ...given, average: "binary" }),
    recall_macro: () => recall({ ...given, average: "macro" }),
    recall_micro: () => recall({ ...given, average: "micro" }),
    f1_binary: () => f1(given),
    f1_macro: () => f1({ ...given, average: "macro" }),
    f1_micro: () => f1({ ...given, average: "micro" }),
  };
  test.each(Object.entries(makers))("%s", async (name, make) => {
    await check(make(), [predictions, targets], values[name]);
    await check(make(), [predictions.map((score) => [score]), targets], values[name]);
  });
});

describe.each(Object.entries(oracle.numbers))("numbers as scikit-learn scores them: %s", (_, data) => {
  const makers: Record<string, () => Metric> = { mse: meanSquaredError, mae: meanAbsoluteError, r2: r2Score };
  test.each(Object.entries(makers))("%s", async (name, make) => {
    await check(make(), [data.predictions, data.targets], data.values[name]);
  });
});

describe("a metric", () => {
  const yes = tf.tensor1d([0.9, 0.8, 0.1]);
  const all = tf.tensor1d([1, 1, 1]);

  test("is NaN before the first batch, and where it is not defined", async () => {
    for (const make of [accuracy, precision, recall, f1, auroc, meanSquaredError, r2Score, perplexity])
      expect(await make().compute()).toBeNaN();
    expect(await feed(auroc(), yes, all)).toBeNaN();
    expect(await feed(r2Score(), tf.tensor1d([1]), tf.tensor1d([1]))).toBeNaN();
  });

  test("is put back by what ends its isolation, and a fresh one has seen nothing", async () => {
    const metric = accuracy();
    metric.update(yes, all);
    const end = metric.isolate();
    metric.update(tf.tensor1d([0.1]), tf.tensor1d([1]));
    expect(await metric.compute()).toBe(0);
    end();
    expect(await metric.compute()).toBeCloseTo(2 / 3);
    expect(await metric.fresh().compute()).toBeNaN();
  });

  test("leaks nothing when it is reset or left before it was read", async () => {
    const before = tf.memory().numTensors;
    const metric = f1();
    const end = metric.isolate();
    metric.update(yes, all);
    end();
    metric.update(yes, all);
    metric.reset();
    expect(tf.memory().numTensors).toBe(before);
    metric.update(yes, all);
    expect(await metric.compute()).toBeCloseTo(0.8);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("is computed from what was given so far, and goes on", async () => {
    const metric = meanAbsoluteError();
    metric.update(tf.tensor1d([1, 3]), tf.tensor1d([0, 0]));
    expect(await metric.compute()).toBe(2);
    metric.update(tf.tensor1d([8]), tf.tensor1d([0]));
    expect(await metric.compute()).toBe(4);
  });

  test("never counts a score that is no number as a hit", async () => {
    const scores = tf.tensor2d([[NaN, 1, 2]]);
    expect(await feed(topKAccuracy({ k: 2 }), scores, tf.tensor1d([0]))).toBe(0);
    expect(await feed(auroc(), tf.tensor1d([NaN, 1]), tf.tensor1d([0, 1]))).toBeNaN();
  });

  test("counts each label of several when a threshold is given", async () => {
    const scores = tf.tensor2d([
      [0.9, 0.2],
      [0.6, 0.7],
    ]);
    const labels = tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);
    expect(await feed(accuracy({ threshold: 0.5 }), scores, labels)).toBe(0.75);
    expect(await feed(precision({ threshold: 0.5 }), scores, labels)).toBeCloseTo(2 / 3);
  });

  test("leaves padding out of the perplexity of a sequence", async () => {
    const logits = tf.randomNormal([2, 3, 4], 0, 1, "float32", 5);
    const padded = tf.tensor2d([
      [1, 2, 9],
      [3, 9, 9],
    ]);
    const kept = tf.gather(logits.reshape([6, 4]), [0, 1, 3]);
    const expected = await feed(perplexity(), kept, tf.tensor1d([1, 2, 3]));
    expect(await feed(perplexity({ ignoreIndex: 9 }), logits, padded)).toBeCloseTo(expected, 5);
  });

  test("refuses shapes that would broadcast, and settings that are none", () => {
    expect(() => meanSquaredError().update(tf.zeros([4, 2]), tf.zeros([4]))).toThrow(
      "The targets must have the shape of the predictions, [4, 2]. Received: [4].",
    );
    expect(() => accuracy().update(tf.zeros([4, 3]), tf.zeros([5]))).toThrow("class index or a one-hot row");
    expect(() => topKAccuracy({ k: 0 })).toThrow(
      "`k` of `topKAccuracy` must be an integer of at least 1. Received: 0.",
    );
    expect(() => f1({ average: "mean" as never })).toThrow('"binary", "macro" or "micro"');
  });
});
