import {
  abs,
  cast,
  max,
  min,
  reshape,
  scalar,
  stack,
  sub,
  sum,
  tensor1d,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import type { Measure } from "./accumulation.js";

/**
 * Reshapes targets to the shape of the predictions if the two differ only in dimensions of size 1.
 *
 * Without it, `[n]` and `[n, 1]` would silently broadcast to `[n, n]`.
 *
 * @throws FulmineError `INVALID_DATA` if the shapes differ otherwise.
 */
export function alignTargets(predictions: Tensor, targets: Tensor): Tensor {
  const [have, want] = [sizesOf(targets), sizesOf(predictions)];
  if (have.length === want.length && have.every((size, axis) => size === want[axis]))
    return reshape(targets, predictions.shape);
  throw new FulmineError(
    "INVALID_DATA",
    `The targets must have the shape of the predictions, [${predictions.shape.join(", ")}].`,
    { received: targets.shape },
  );
}

function sizesOf({ shape }: Tensor): number[] {
  return shape.filter((size) => size !== 1);
}

/**
 * Measures the range of class indices: minimum, maximum, distance from integers, and the number of classes.
 *
 * {@link requireInRange} checks it once it is read back; reading it in a step would stall the device.
 */
export function labelRange(labels: Tensor, classes: number): Tensor {
  if (labels.size === 0) return knownRange(classes);
  const numbers = cast(labels, "float32");
  const fractions =
    labels.dtype === "float32" ? sum(abs(sub(numbers, cast(cast(labels, "int32"), "float32")))) : scalar(0);
  return stack([min(numbers), max(numbers), fractions, scalar(classes)]);
}

/** The range of class indices that are valid by construction, such as those of one-hot rows. */
export function knownRange(classes: number): Tensor {
  return tensor1d([0, 0, 0, classes]);
}

/**
 * Checks that all labels of a batch are valid class indices. Others would silently count for no class.
 *
 * @param range - The values of {@link labelRange}.
 * @throws FulmineError `INVALID_DATA`.
 */
export function requireInRange([least = NaN, greatest = NaN, fractions = NaN, classes = NaN]: Measure): void {
  const areIntegers = fractions === 0;
  if (areIntegers && least >= 0 && greatest < classes) return;
  const received = !areIntegers ? "fractions" : least < 0 ? least : greatest;
  throw new FulmineError(
    "INVALID_DATA",
    `The targets of a metric must be ${classes === 2 ? "0 or 1" : `class indices from 0 to ${classes - 1}`}.`,
    { received, todo: "Check the labels; the model needs one output per class." },
  );
}
