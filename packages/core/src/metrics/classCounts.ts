import { cast, mul, oneHot, scalar, sum, type Tensor } from "@tensorflow/tfjs-core";
import { checkOptions } from "../options/checkOptions.js";
import { oneOf, optional, type Validators } from "../options/validators.js";
import type { MetricRule } from "./accumulation.js";
import { requireInRange } from "./labelRange.js";
import { columnsOf, labelRequirements, labelsOf, type LabelOptions } from "./labels.js";

/** How the values of several classes become one. */
export interface AverageOptions extends LabelOptions {
  /**
   * `"binary"`: that of class 1; `"macro"`: the mean over the classes that were predicted or are there; `"micro"`: that
   * of all answers together.
   *
   * @defaultValue "binary" for answers of yes and no, "macro" for classes
   */
  readonly average?: "binary" | "macro" | "micro";
}

/** How often each class was hit, predicted, and there; in the order of the classes. */
export interface ClassCounts {
  readonly hits: readonly number[];
  readonly predicted: readonly number[];
  readonly actual: readonly number[];
  /** Whether the answers are yes and no. */
  readonly isBinary: boolean;
}

/** The counts of one class, or of all together. */
export interface Counts {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

/**
 * A rule for all that follows from the counts of the classes.
 *
 * @param name - The metric's name, for messages.
 * @param value - The value of one class.
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
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
    measure: (predictions, targets) => {
      const { predicted, actual, classes, range } = labelsOf(predictions, targets, options);
      const [isPredicted, isActual] = [rowsOf(predicted, classes), rowsOf(actual, classes)];
      const isBinary = options.threshold !== undefined || columnsOf(predictions) === 1;
      return [
        sum(mul(isPredicted, isActual), 0),
        sum(isPredicted, 0),
        sum(isActual, 0),
        scalar(isBinary ? 1 : 0),
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
    result: (sums) => averaged(sums, average ?? (sums.isBinary ? "binary" : "macro"), value),
  };
}

const requirements: Validators = {
  ...labelRequirements,
  average: /* @__PURE__ */ optional(oneOf("binary", "macro", "micro")),
};

const none: readonly number[] = [];

function rowsOf(labels: Tensor, classes: number): Tensor {
  return cast(oneHot(cast(labels, "int32"), classes), "float32");
}

function plus(sums: readonly number[], more: ArrayLike<number>): number[] {
  return Array.from(more, (count, at) => (sums[at] ?? 0) + count);
}

function averaged(
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
  const there = each.filter((counts) => counts.predicted + counts.actual > 0);
  return total(there.map(value)) / there.length;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((before, number) => before + number, 0);
}
