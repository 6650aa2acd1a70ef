import { abs, cast, max, min, scalar, stack, sub, sum, tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import type { Measure } from "./accumulation.js";

/** The range of class numbers that surely are some, such as those of one-hot rows. */
export function knownRange(classes: number): Tensor {
  return tensor1d([0, 0, 0, classes]);
}

/**
 * The least and the greatest of some class numbers, how far they are from whole numbers, and the number of classes: what
 * {@link requireInRange} looks at once it is read. Reading it within a step would stall the device.
 */
export function labelRange(labels: Tensor, classes: number): Tensor {
  if (labels.size === 0) return knownRange(classes);
  const numbers = cast(labels, "float32");
  const parts =
    labels.dtype === "float32" ? sum(abs(sub(numbers, cast(cast(labels, "int32"), "float32")))) : scalar(0);
  return stack([min(numbers), max(numbers), parts, scalar(classes)]);
}

/**
 * Sees that a batch had class numbers that there are. Others would count for no class without a word.
 *
 * @param range - What {@link labelRange} gave.
 * @throws {@link FulmineError} `INVALID_DATA`.
 */
export function requireInRange([least = NaN, greatest = NaN, parts = NaN, classes = NaN]: Measure): void {
  const isWhole = parts === 0;
  if (isWhole && least >= 0 && greatest < classes) return;
  const received = !isWhole ? "others" : least < 0 ? least : greatest;
  throw new FulmineError(
    "INVALID_DATA",
    `The targets of a metric must be ${classes === 2 ? "0 or 1" : `class numbers from 0 to ${classes - 1}`}.`,
    { received, todo: "Check the labels; a model needs an output for each class." },
  );
}
