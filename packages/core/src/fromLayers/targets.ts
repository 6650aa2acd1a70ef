import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";

/** The losses and metrics whose targets are class indices, so their shape differs from that of the output. */
const SPARSE: readonly string[] = ["sparseCategoricalCrossentropy", "sparseCategoricalAccuracy"];

/** Tells whether a loss or metric takes class indices. */
export function takesClassIndices(name: unknown): boolean {
  return typeof name === "string" && SPARSE.includes(name);
}

/**
 * Checks that targets have the shape that a named loss or metric takes. Others would silently broadcast.
 *
 * @throws FulmineError `INVALID_DATA`.
 */
export function requireTargetShape(name: string, yTrue: Tensor, yPred: Tensor): void {
  if (takesClassIndices(name)) requireOneIndexPerRow(name, yTrue, yPred);
  else requireSameShape(name, yTrue, yPred);
}

/**
 * Checks that the class indices of a batch are valid for an output. Others would silently count for no class.
 *
 * It reads the targets before the step. At that time a loader's batch is still in JavaScript memory.
 *
 * @param units - Number of classes.
 * @param output - The name of the output, for messages.
 * @throws FulmineError `INVALID_DATA`.
 */
export async function requireClassIndices(targets: Tensor, units: number, output: string): Promise<void> {
  const odd = (await targets.data()).find(
    (label) => !(Number.isInteger(label) && label >= 0 && label < units),
  );
  if (odd === undefined) return;
  throw new FulmineError(
    "INVALID_DATA",
    `The targets of the output \`${output}\` must be class indices from 0 to ${units - 1}.`,
    { received: odd, todo: "Check the labels, or give the layer one unit per class." },
  );
}

function requireSameShape(name: string, yTrue: Tensor, yPred: Tensor): void {
  if (
    yTrue.shape.length === yPred.shape.length &&
    yTrue.shape.every((size, axis) => size === yPred.shape[axis])
  )
    return;
  throw new FulmineError(
    "INVALID_DATA",
    `The targets of ${name} must have the shape of the model's output, [${yPred.shape.join(", ")}].`,
    {
      received: yTrue.shape,
      todo: name.startsWith("categorical")
        ? `For class indices instead of one-hot rows, use sparseC${name.slice(1)}.`
        : "Reshape the targets in the data.",
    },
  );
}

/** Dimensions of size 1 in the targets do not matter. */
function requireOneIndexPerRow(name: string, yTrue: Tensor, yPred: Tensor): void {
  if (yTrue.size * (yPred.shape.at(-1) ?? 1) === yPred.size) return;
  throw new FulmineError(
    "INVALID_DATA",
    `The targets of ${name} must be a class index for each row of the model's output, [${yPred.shape.join(", ")}].`,
    {
      received: yTrue.shape,
      todo: `For one-hot rows instead of class indices, use c${name.slice("sparseC".length)}.`,
    },
  );
}
