import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";

/**
 * Sees that the class numbers of a batch are some that an output of a model has units for: others would count for no class
 * without a word.
 *
 * They are read before the step. A batch that a loader has just made is still in JavaScript's memory then.
 *
 * @throws {@link FulmineError} `INVALID_DATA`, naming the output.
 */
export async function requireClasses(targets: Tensor, units: number, output: string): Promise<void> {
  const odd = (await targets.data()).find(
    (label) => !(Number.isInteger(label) && label >= 0 && label < units),
  );
  if (odd === undefined) return;
  throw new FulmineError(
    "INVALID_DATA",
    `The targets of the output \`${output}\` must be class numbers from 0 to ${units - 1}.`,
    { received: odd, todo: "Check the labels, or give the layer as many units as there are classes." },
  );
}
