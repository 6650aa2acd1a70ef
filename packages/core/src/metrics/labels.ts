import { argMax, cast, greater, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { finite, optional, type Validators } from "../options/validators.js";
import { alignTargets, knownRange, labelRange } from "./targets.js";

/** The predicted and actual classes of a batch. */
export interface Labels {
  /** The predicted classes, int32, `[n]`. */
  readonly predicted: Tensor;
  /** The actual classes, int32, `[n]`. */
  readonly actual: Tensor;
  /** Number of classes; 2 for binary predictions. */
  readonly classes: number;
  /** The range of the labels, for {@link requireInRange}. */
  readonly range: Tensor;
}

/** Options of metrics that compare classes. */
export interface LabelOptions {
  /**
   * A prediction above the threshold counts as class 1, any other as class 0. With a threshold each number is a binary
   * prediction of its own, as in multi-label classification.
   *
   * @defaultValue 0.5 for predictions of one column; for several columns none, because the columns are scores of classes
   */
  readonly threshold?: number;
}

/** The requirements of {@link LabelOptions}. */
export const labelRequirements: Validators = { threshold: /* @__PURE__ */ optional(finite) };

/**
 * Converts predictions and targets to classes.
 *
 * Either the predictions are scores, `[…, classes]`, and the targets class indices or one-hot rows; or the predictions are one
 * number per target, and the targets 0 or 1.
 *
 * @throws FulmineError `INVALID_DATA` if their shapes do not match.
 */
export function labelsOf(predictions: Tensor, targets: Tensor, options: LabelOptions): Labels {
  const classes = columnsOf(predictions);
  if (areBinary(predictions, options)) {
    const aligned = alignTargets(predictions, targets);
    return {
      predicted: reshape(cast(greater(predictions, options.threshold ?? 0.5), "int32"), [-1]),
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

/** Whether each number of the predictions is a binary prediction of its own, rather than the score of a class. */
export function areBinary(predictions: Tensor, { threshold }: LabelOptions): boolean {
  return threshold !== undefined || columnsOf(predictions) === 1;
}

/** Number of columns: the last dimension, or 1 for a tensor of rank 0 or 1. */
export function columnsOf({ shape }: Tensor): number {
  return shape.length < 2 ? 1 : (shape.at(-1) ?? 1);
}

/**
 * Returns the class index of each example, `[n]`, from targets that are class indices or one-hot rows, and their range.
 *
 * @throws FulmineError `INVALID_DATA` if the targets are neither.
 */
export function classesOf(predictions: Tensor, targets: Tensor): Pick<Labels, "actual" | "range"> {
  const classes = columnsOf(predictions);
  if (classes < 2) {
    throw new FulmineError("INVALID_DATA", "The predictions must be scores of at least 2 classes.", {
      received: predictions.shape,
      todo: "Pass one row of scores per example, [examples, classes].",
    });
  }
  if (targets.size === predictions.size && targets.shape.at(-1) === classes)
    return { actual: reshape(cast(argMax(targets, -1), "int32"), [-1]), range: knownRange(classes) };
  if (targets.size * classes === predictions.size)
    return { actual: reshape(cast(targets, "int32"), [-1]), range: labelRange(targets, classes) };
  throw new FulmineError(
    "INVALID_DATA",
    `The targets must be a class index or a one-hot row for each example of the predictions, ` +
      `[${predictions.shape.join(", ")}].`,
    { received: targets.shape },
  );
}
