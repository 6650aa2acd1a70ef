import { argMax, cast, greater, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { finite, optional, type Validators } from "../options/validators.js";
import { alignTargets } from "./alignTargets.js";
import { knownRange, labelRange } from "./labelRange.js";

/** A batch's answers as classes, one each. */
export interface Labels {
  /** int32, `[n]`. */
  readonly predicted: Tensor;
  /** int32, `[n]`. */
  readonly actual: Tensor;
  /** The number of classes; 2 for answers of yes and no. */
  readonly classes: number;
  /** What {@link requireInRange} is to look at. */
  readonly range: Tensor;
}

/** How answers become classes. */
export interface LabelOptions {
  /**
   * Above it a prediction is a yes. Given, each number is a question of its own, as with several labels per example; left
   * out, it is 0.5 for predictions of one column, and predictions of several columns are scores of classes.
   */
  readonly threshold?: number;
}

/**
 * Reads predictions and targets as classes: scores `[…, classes]` against class numbers or one-hot rows, or one number
 * each against 0 and 1.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when their shapes do not match.
 */
export function labelsOf(predictions: Tensor, targets: Tensor, { threshold }: LabelOptions): Labels {
  const classes = columnsOf(predictions);
  if (threshold !== undefined || classes === 1) {
    const aligned = alignTargets(predictions, targets);
    return {
      predicted: reshape(cast(greater(predictions, threshold ?? 0.5), "int32"), [-1]),
      actual: reshape(cast(aligned, "int32"), [-1]),
      classes: 2,
      range: labelRange(targets, 2),
    };
  }
  return {
    predicted: reshape(argMax(predictions, -1), [-1]),
    ...classesOf(predictions, targets),
    classes,
  };
}

/** The number of scores per example: the last dimension, 1 where there is but one number each. */
export function columnsOf({ shape }: Tensor): number {
  return shape.length < 2 ? 1 : (shape.at(-1) ?? 1);
}

/** The labels of {@link LabelOptions}, as settings of a metric. */
export const labelRequirements: Validators = { threshold: /* @__PURE__ */ optional(finite) };

/**
 * The class number of each example, `[n]`, of targets that hold numbers or one-hot rows, with their range.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when they are neither.
 */
export function classesOf(predictions: Tensor, targets: Tensor): Pick<Labels, "actual" | "range"> {
  const classes = columnsOf(predictions);
  if (classes < 2) {
    throw new FulmineError("INVALID_DATA", "The predictions must be scores of at least 2 classes.", {
      received: predictions.shape,
      todo: "Give a row of scores for each example, [examples, classes].",
    });
  }
  if (targets.size === predictions.size && targets.shape.at(-1) === classes)
    return { actual: reshape(cast(argMax(targets, -1), "int32"), [-1]), range: knownRange(classes) };
  if (targets.size * classes === predictions.size)
    return { actual: reshape(cast(targets, "int32"), [-1]), range: labelRange(targets, classes) };
  throw new FulmineError(
    "INVALID_DATA",
    `The targets must be a class number or a one-hot row for each example of the predictions, ` +
      `[${predictions.shape.join(", ")}].`,
    { received: targets.shape },
  );
}
