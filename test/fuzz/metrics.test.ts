import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { expect } from "vitest";
import * as core from "@fulmine/core";
import { endOf } from "./support/endOf.js";
import { hostile } from "./support/hostile.js";
import { hostileOptions, type Valid } from "./support/hostileOptions.js";
import { property } from "./support/property.js";

const labels: Valid = { threshold: [() => 0.5, () => 0] };
const averages: Valid = { ...labels, average: [() => "macro", () => "micro", () => "binary"] };

/** Each metric with its settings, and those that can't be left out. */
const metrics: Readonly<Record<string, readonly [Valid, ...needed: string[]]>> = {
  accuracy: [labels],
  f1: [averages],
  precision: [averages],
  recall: [averages],
  perplexity: [{ fromLogits: [() => true, () => false], ignoreIndex: [() => -100, () => 0] }],
  topKAccuracy: [{ k: [() => 1, () => 2] }, "k"],
};

const anyMetric = fc.constantFrom(...Object.keys(metrics)).chain((name) => {
  const [valid, ...needed] = metrics[name] ?? [{}];
  return fc.tuple(fc.constant(name), hostileOptions(valid, needed));
});

property(
  "a metric is made and computed, or its settings are refused",
  125,
  anyMetric,
  async ([name, { make }]) => {
    const metric = core[name as "accuracy"](make());
    tf.tidy(() => metric.update(tf.tensor2d([[0.1, 0.9]]), tf.tensor1d([1], "int32")));
    tf.tidy(() => metric.update(tf.tensor2d([[0.8, 0.2]]), tf.tensor2d([[1, 0]])));
    try {
      expect(await metric.compute()).toBeGreaterThanOrEqual(0);
    } finally {
      metric.reset();
    }
  },
  (end, [, { isMisspelt, isValid }]) => {
    if (isMisspelt) expect(end).toBeInstanceOf(core.FulmineError);
    // A threshold makes each number a question of its own, which class numbers do not answer.
    if (isValid && end !== "done") expect(end).toMatchObject({ code: "INVALID_DATA" });
  },
);

const sizes = fc.array(fc.constantFrom<number>(1, 2, 3, 0), { maxLength: 3 });
const numbers = fc.constantFrom(0, 1, 2, 3, -1, 0.5, NaN, Infinity, 1e9);
const anyTensor = fc.record({
  shape: sizes,
  values: fc.array(numbers, { minLength: 1, maxLength: 6 }),
  dtype: fc.constantFrom("float32", "int32", "bool", "string"),
});

interface AnyTensor {
  readonly shape: number[];
  readonly values: readonly number[];
  readonly dtype: string;
}

function tensorOf({ shape, values, dtype }: AnyTensor): tf.Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  const filled = Array.from({ length: size }, (_, at) => values[at % values.length] ?? 0);
  if (dtype === "string") return tf.tensor(filled.map(String), shape, "string");
  return tf.cast(tf.tensor(filled, shape, "float32"), dtype as "int32");
}

const makers: readonly (() => core.Metric)[] = [
  () => core.accuracy(),
  () => core.accuracy({ threshold: 0 }),
  () => core.f1(),
  () => core.recall({ average: "micro" }),
  () => core.auroc(),
  () => core.perplexity(),
  () => core.perplexity({ ignoreIndex: -1 }),
  () => core.topKAccuracy({ k: 2 }),
  () => core.r2Score(),
  () => core.meanSquaredError(),
  () => core.meanAbsoluteError(),
];

property(
  "a metric takes tensors of any shapes and values, or refuses them, and goes on",
  80,
  fc.record({
    make: fc.constantFrom(...makers),
    predictions: anyTensor,
    targets: fc.option(anyTensor, { nil: undefined }),
  }),
  async ({ make, predictions, targets = predictions }) => {
    const metric = make();
    const given = tf.tidy(() => [tensorOf(predictions), tensorOf(targets)] as const);
    await endOf(() => metric.update(...given));
    tf.dispose([...given]);
    await endOf(async () => expect(typeof (await metric.compute())).toBe("number"));
    metric.reset();
    tf.tidy(() => metric.update(tf.tensor1d([0.9, 0.1]), tf.tensor1d([1, 0])));
    await endOf(async () => expect(await metric.compute()).not.toBeNaN());
    metric.reset();
  },
);

/** The share of right answers, without a tensor. */
function shareOfRight(scores: readonly (readonly number[])[], classes: readonly number[]): number {
  const hits = scores.filter((row, at) => row.indexOf(Math.max(...row)) === classes[at]).length;
  return hits / scores.length;
}

const rows = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 99 }),
    fc.integer({ min: 100, max: 199 }),
    fc.integer({ min: -99, max: -1 }),
  ),
  {
    minLength: 1,
    maxLength: 6,
  },
);

property(
  "class numbers of no class are refused, and others are counted",
  45,
  fc.tuple(rows, fc.array(fc.integer({ min: -2, max: 4 }), { minLength: 6, maxLength: 6 })),
  async ([scores, all]) => {
    const classes = all.slice(0, scores.length);
    const metric = core.accuracy();
    tf.tidy(() => metric.update(tf.tensor2d(scores.map((row) => [...row])), tf.tensor1d(classes, "int32")));
    const isRight = classes.every((one) => one >= 0 && one < 3);
    const computed = metric.compute();
    if (isRight) expect(await computed).toBeCloseTo(shareOfRight(scores, classes), 6);
    else await expect(computed).rejects.toThrow("The targets of a metric must be class indices from 0 to 2.");
    metric.reset();
  },
);

property(
  "a metric takes tensors alone",
  20,
  fc.tuple(fc.constantFrom(...makers), hostile),
  ([make, value]) => {
    expect(() => make().update(value() as never, value() as never)).toThrow(core.FulmineError);
  },
);
