import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { accuracy, topKAccuracy } from "../../src/metrics/accuracy.js";
import { auroc } from "../../src/metrics/auroc.js";
import { confusionMatrix, type ConfusionMatrix } from "../../src/metrics/confusionMatrix.js";
import { meanRule } from "../../src/metrics/meanRule.js";
import { perplexity } from "../../src/metrics/perplexity.js";
import { f1, precision, recall } from "../../src/metrics/precisionRecall.js";
import { meanAbsoluteError, meanSquaredError, r2Score } from "../../src/metrics/regression.js";
import { StreamingMetric, type Metric } from "../../src/metrics/streamingMetric.js";
import { oracle } from "../../../../test/support/oracle.js";

interface Case {
  readonly predictions: number[] | number[][];
  readonly targets: number[] | number[][];
  readonly threshold?: number;
  readonly weights: number[];
  readonly weighted: Readonly<Record<string, number>>;
  readonly matrices: Readonly<Record<string, number[][]>>;
}

/** What scikit-learn makes of fixed inputs; see test/oracle/makeMetrics.py. */
const cases = oracle<{
  classes: Record<string, Case & { readonly probabilities: number[][] }>;
  binary: Record<string, Case>;
  numbers: Record<string, Case>;
}>("metrics");

/** Feeds a metric in batches of 16, the last one short, and looks for leaks. */
async function feed<Value>(
  metric: Metric<Value>,
  { predictions, targets, weights }: Pick<Case, "predictions" | "targets"> & { weights?: number[] },
): Promise<Value> {
  const before = tf.memory().numTensors;
  for (let start = 0; start < targets.length; start += 16) {
    const part = (rows: number[] | number[][]): tf.Tensor => tf.tensor(rows.slice(start, start + 16));
    tf.tidy(() =>
      metric.update(part(predictions), part(targets), weights === undefined ? null : part(weights)),
    );
  }
  const value = await metric.compute();
  expect(tf.memory().numTensors).toBe(before);
  return value;
}

function expectClose(actual: number, expected: number | undefined): void {
  const wanted = expected ?? NaN;
  expect(Math.abs(actual - wanted)).toBeLessThan(3e-6 * Math.max(1, Math.abs(wanted)));
}

describe.each(Object.entries(cases.classes))("weighted as scikit-learn weights classes: %s", (_, data) => {
  const makers: Record<string, () => Metric> = {
    accuracy,
    top2: () => topKAccuracy({ k: 2 }),
    precision_macro: precision,
    recall_macro: recall,
    f1_macro: f1,
    perplexity,
    ...("auroc" in data.weighted ? { auroc } : {}),
  };
  test.each(Object.entries(makers))("%s", async (name, make) => {
    const predictions = name === "auroc" ? data.probabilities : data.predictions;
    expectClose(await feed(make(), { ...data, predictions }), data.weighted[name]);
  });
});

describe.each(Object.entries(cases.binary))("weighted as scikit-learn weights yes and no: %s", (_, data) => {
  const options = { ...(data.threshold === 0.5 ? {} : { threshold: data.threshold ?? NaN }) };
  const makers: Record<string, () => Metric> = {
    accuracy: () => accuracy(options),
    auroc,
    precision_macro: () => precision({ ...options, average: "macro" }),
    recall_macro: () => recall({ ...options, average: "macro" }),
    f1_macro: () => f1({ ...options, average: "macro" }),
  };
  test.each(Object.entries(makers))("%s", async (name, make) => {
    expectClose(await feed(make(), data), data.weighted[name]);
  });
});

describe.each(Object.entries(cases.numbers))("weighted as scikit-learn weights numbers: %s", (_, data) => {
  const makers: Record<string, () => Metric> = { mse: meanSquaredError, mae: meanAbsoluteError, r2: r2Score };
  test.each(Object.entries(makers))("%s", async (name, make) => {
    expectClose(await feed(make(), data), data.weighted[name]);
  });
});

describe("a confusion matrix is that of scikit-learn", () => {
  const all = Object.entries({ ...cases.classes, ...cases.binary });
  test.each(all)("%s", async (_, data) => {
    const { threshold, predictions, targets }: Case = data;
    const numClasses = data.matrices["counts"]?.length ?? 0;
    const base = { numClasses, ...(threshold === undefined || threshold === 0.5 ? {} : { threshold }) };
    const unweighted = { predictions, targets };
    expect(await feed(confusionMatrix(base), unweighted)).toEqual(data.matrices["counts"]);
    const expectMatrix = (matrix: ConfusionMatrix, name: string): void => {
      for (const [actual, row] of (data.matrices[name] ?? []).entries())
        for (const [at, wanted] of row.entries()) expectClose(matrix[actual]?.[at] ?? NaN, wanted);
    };
    expectMatrix(await feed(confusionMatrix(base), data), "weighted");
    for (const normalize of ["true", "pred", "all"] as const)
      expectMatrix(await feed(confusionMatrix({ ...base, normalize }), unweighted), normalize);
  });

  test("it has zeros before the first batch, and takes one-hot targets", async () => {
    const metric = confusionMatrix({ numClasses: 3 });
    expect(await metric.compute()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    metric.update(tf.tensor2d([[0.1, 0.7, 0.2]]), tf.tensor2d([[0, 0, 1]]));
    expect((await metric.compute())[2]).toEqual([0, 1, 0]);
  });

  test("it refuses predictions of other classes, and labels outside them", async () => {
    const metric = confusionMatrix({ numClasses: 3 });
    expect(() => metric.update(tf.zeros([2, 4]), tf.zeros([2]))).toThrow(
      "must have one column for each of the 3 classes of `confusionMatrix`. Received: [2, 4].",
    );
    expect(() => metric.update(tf.zeros([2]), tf.zeros([2]))).toThrow(
      "`confusionMatrix` must be 2. Received: 3",
    );
    metric.update(tf.zeros([1, 3]), tf.tensor1d([3]));
    await expect(metric.compute()).rejects.toThrow("class indices from 0 to 2. Received: 3");
    expect(() => confusionMatrix({ numClasses: 1 })).toThrow("`numClasses` of `confusionMatrix` must be");
    expect(() => confusionMatrix({ numClasses: 3, normalize: "rows" as never })).toThrow("`normalize`");
  });
});

describe("weights", () => {
  test("of examples count for each step of a sequence", async () => {
    const [predictions, targets] = [
      tf.tensor2d([
        [0, 0],
        [4, 4],
      ]),
      tf.tensor2d([
        [1, 2],
        [0, 0],
      ]),
    ];
    const metric = meanAbsoluteError();
    metric.update(predictions, targets, tf.tensor1d([3, 1]));
    expect(await metric.compute()).toBeCloseTo((3 * 3 + 8) / 8);
    metric.reset();
    metric.update(
      predictions,
      targets,
      tf.tensor2d([
        [1, 0],
        [0, 1],
      ]),
    );
    expect(await metric.compute()).toBeCloseTo(2.5);
  });

  test("of 0 for a whole batch leave R² as it was, and of 0 for all leave nothing", async () => {
    const metric = r2Score();
    metric.update(tf.tensor1d([1, 2, 4]), tf.tensor1d([1, 2, 3]));
    const before = await metric.compute();
    metric.update(tf.tensor1d([9, 9]), tf.tensor1d([1, 2]), tf.zeros([2]));
    expect(await metric.compute()).toBe(before);
    const mean = meanSquaredError();
    mean.update(tf.tensor1d([1]), tf.tensor1d([0]), tf.zeros([1]));
    expect(await mean.compute()).toBeNaN();
  });

  test("are refused if there are more or fewer than examples, and by a rule that does not read them", () => {
    expect(() => accuracy().update(tf.zeros([4, 3]), tf.zeros([4]), tf.zeros([3]))).toThrow(
      "one weight for each of the 4 examples. Received: [3].",
    );
    expect(() => accuracy().update(tf.zeros([2]), tf.zeros([2]), [1, 1] as never)).toThrow(
      "A metric's weights must be a non-empty tensor of numbers.",
    );
    const rule = meanRule((predictions) => [tf.sum(predictions), tf.scalar(1)]);
    const own = new StreamingMetric({ ...rule, takesWeights: false });
    own.update(tf.zeros([2]), tf.zeros([2]));
    expect(() => own.update(tf.zeros([2]), tf.zeros([2]), tf.ones([2]))).toThrow("takes no weights");
    own.reset();
  });
});
