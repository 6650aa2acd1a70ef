import { cast, mul, oneHot, scalar, sum, type Tensor } from "@tensorflow/tfjs-core";
import { checkOptions } from "../options/checkOptions.js";
import { oneOf, optional, type Validators } from "../options/validators.js";
import type { MetricRule } from "./accumulation.js";
import { weighted, weightsFor } from "./exampleWeights.js";
import { areBinary, labelRequirements, labelsOf, type LabelOptions } from "./labels.js";
import { requireInRange } from "./targets.js";

/** Options of metrics that are averaged over classes. */
export interface AverageOptions extends LabelOptions {
  /**
   * How to average over classes. `"binary"`: the value of class 1. `"macro"`: the mean over the classes that occur in the
   * predictions or the targets. `"micro"`: the value of all predictions together.
   *
   * @defaultValue "binary" for binary predictions, "macro" for scores of classes
   */
  readonly average?: "binary" | "macro" | "micro";
}

/** The confusion counts of each class, in the order of the classes. With weights, the sums of the examples' weights. */
export interface ClassCounts {
  /** Number of true positives of each class. */
  readonly hits: readonly number[];
  /** Number of predictions of each class. */
  readonly predicted: readonly number[];
  /** Number of examples of each class. */
  readonly actual: readonly number[];
  /** Whether the predictions are binary. */
  readonly isBinary: boolean;
}

/** The confusion counts of one class, or the sums over all classes. */
export interface Counts {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

/**
 * Creates the rule of a metric that is computed from the confusion counts of each class.
 *
 * @param name - The metric's name, for messages.
 * @param value - Computes the value of one class.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function classCountRule(
  name: string,
  options: AverageOptions,
  value: (counts: Counts) => number,
): MetricRule<ClassCounts> {
  checkOptions(options, requirements, name);
  const { average } = options;
  return {
    empty: { hits: [], predicted: [], actual: [], isBinary: false },
    takesWeights: true,
    measure: (predictions, targets, given) => {
      const { predicted, actual, classes, range } = labelsOf(predictions, targets, options);
      const weights = weightsFor(given, predictions, predicted.size);
      const isPredicted = weighted(oneHotRows(predicted, classes), weights);
      const isActual = oneHotRows(actual, classes);
      return [
        sum(mul(isPredicted, isActual), 0),
        sum(isPredicted, 0),
        sum(weighted(isActual, weights), 0),
        scalar(areBinary(predictions, options) ? 1 : 0),
        range,
      ];
    },
    add: (sums, hits = none, predicted = none, actual = none, isBinary = none, range = none) => {
      requireInRange(range);
      return {
        hits: plus(sums.hits, hits),
        predicted: plus(sums.predicted, predicted),
        actual: plus(sums.actual, actual),
        isBinary: isBinary[0] === 1,
      };
    },
    result: (sums) => averageOf(sums, average ?? (sums.isBinary ? "binary" : "macro"), value),
  };
}

const requirements: Validators = {
  ...labelRequirements,
  average: /* @__PURE__ */ optional(oneOf("binary", "macro", "micro")),
};

const none: readonly number[] = [];

/** One-hot rows of labels, float32, `[n, classes]`; a label outside the classes has a row of zeros. */
export function oneHotRows(labels: Tensor, classes: number): Tensor {
  return cast(oneHot(cast(labels, "int32"), classes), "float32");
}

function plus(sums: readonly number[], more: ArrayLike<number>): number[] {
  return Array.from(more, (count, at) => (sums[at] ?? 0) + count);
}

function averageOf(
  { hits, predicted, actual }: ClassCounts,
  average: "binary" | "macro" | "micro",
  value: (counts: Counts) => number,
): number {
  const each = hits.map((count, at) => ({
    hits: count,
    predicted: predicted[at] ?? 0,
    actual: actual[at] ?? 0,
  }));
  if (each.length === 0) return NaN;
  if (average === "binary") return value(each[1] ?? { hits: 0, predicted: 0, actual: 0 });
  if (average === "micro")
    return value({ hits: total(hits), predicted: total(predicted), actual: total(actual) });
  const occurring = each.filter((counts) => counts.predicted + counts.actual > 0);
  return total(occurring.map(value)) / occurring.length;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((before, number) => before + number, 0);
}
