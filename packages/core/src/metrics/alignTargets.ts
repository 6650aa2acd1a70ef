import { reshape, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";

/**
 * Gives targets the shape of the predictions where the two differ by dimensions of size 1 only.
 *
 * Left alone, `[n]` against `[n, 1]` would broadcast to `[n, n]` without a word.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when they differ otherwise.
 */
export function alignTargets(predictions: Tensor, targets: Tensor): Tensor {
  const [have, want] = [sizesOf(targets), sizesOf(predictions)];
  if (have.length === want.length && have.every((size, axis) => size === want[axis]))
    return reshape(targets, predictions.shape);
  throw new FulmineError(
    "INVALID_DATA",
    `The targets must be shaped like the predictions, [${predictions.shape.join(", ")}].`,
    { received: targets.shape },
  );
}

function sizesOf({ shape }: Tensor): number[] {
  return shape.filter((size) => size !== 1);
}
