import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";

/** The losses and metrics whose targets are class numbers and not shaped like the output. */
const SPARSE: readonly string[] = ["sparseCategoricalCrossentropy", "sparseCategoricalAccuracy"];

/** Whether a loss or metric takes class numbers. */
export function takesClassNumbers(name: unknown): boolean {
  return typeof name === "string" && SPARSE.includes(name);
}

/**
 * Sees that targets are shaped as a loss or metric of some name takes them: others would broadcast without a word.
 *
 * @throws {@link FulmineError} `INVALID_DATA`.
 */
export function requireTargets(name: string, yTrue: Tensor, yPred: Tensor): void {
  if (takesClassNumbers(name)) requireLabels(name, yTrue, yPred);
  else requireSameShape(name, yTrue, yPred);
}

function requireSameShape(name: string, yTrue: Tensor, yPred: Tensor): void {
  if (
    yTrue.shape.length === yPred.shape.length &&
    yTrue.shape.every((size, axis) => size === yPred.shape[axis])
  )
    return;
  throw new FulmineError(
    "INVALID_DATA",
    `The targets of ${name} must be shaped like the model's output, [${yPred.shape.join(", ")}].`,
    {
      received: yTrue.shape,
      todo: name.startsWith("categorical")
        ? `For class numbers instead of one-hot rows, use sparseC${name.slice(1)}.`
        : "Reshape the targets in the data.",
    },
  );
}

/** One label for each row of the output, whatever dimensions of 1 the labels have besides. */
function requireLabels(name: string, yTrue: Tensor, yPred: Tensor): void {
  if (yTrue.size * (yPred.shape.at(-1) ?? 1) === yPred.size) return;
  throw new FulmineError(
    "INVALID_DATA",
    `The targets of ${name} must be a class number for each row of the model's output, [${yPred.shape.join(", ")}].`,
    {
      received: yTrue.shape,
      todo: `For one-hot rows instead of class numbers, use c${name.slice("sparseC".length)}.`,
    },
  );
}
