import { FulmineError } from "../errors/fulmineError.js";
import type { RandomState } from "../random/randomState.js";
import type { LoaderOptions, Sampler } from "./loaderOptions.js";

/** The rows of a pass in their order, `null` when it is simply all rows in order. */
export type RowChoice = (random: RandomState) => Int32Array | null;

/** Makes what chooses each pass's rows; `null` when nothing is left to chance. */
export function chooseRows(options: LoaderOptions, size: number, count: number): RowChoice | null {
  const { shuffle = false, weights, sampler } = options;
  if (shuffle) return (random) => random.permutation(size);
  if (weights !== undefined) {
    const draw = weightedSampler(weights);
    return (random) => Int32Array.from(draw(size, random, count));
  }
  if (sampler !== undefined) return (random) => checkRows(sampler(size, random, count), size, count);
  return null;
}

/**
 * Draws rows with replacement, each with a chance in proportion to its weight.
 *
 * A number uniform over the weights' sum is looked up among their running sums, so that a row of weight 0 never comes.
 */
function weightedSampler(weights: ArrayLike<number>): Sampler {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let row = 0; row < weights.length; row++) sums[row] = total += weights[row] ?? 0;
  return (_, random, count) =>
    Int32Array.from({ length: count }, () => firstAbove(sums, random.float() * total));
}

/** The index of the first sum that is above a number. */
function firstAbove(sums: Float64Array, number: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) > number) high = middle;
    else low = middle + 1;
  }
  return low;
}

function checkRows(given: ArrayLike<number> | null, size: number, count: number): Int32Array {
  // Its length first: one that claims billions is not to be copied.
  if (typeof given !== "object" || given?.length !== count) {
    throw new FulmineError("INVALID_DATA", `\`sampler\` must give ${count} rows.`, {
      received: given,
      todo: "Set `numSamples` to the number of rows that it gives.",
    });
  }
  const rows = Array.from(given);
  const odd = rows.find((row) => !Number.isInteger(row) || row < 0 || row >= size);
  if (odd === undefined) return Int32Array.from(rows);
  throw new FulmineError("INVALID_DATA", `\`sampler\` must give whole numbers from 0 to ${size - 1}.`, {
    received: odd,
  });
}
