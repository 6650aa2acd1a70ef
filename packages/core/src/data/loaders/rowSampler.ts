import { counted } from "../../errors/counted.js";
import { FulmineError } from "../../errors/fulmineError.js";
import type { RandomState } from "../../random/randomState.js";
import type { LoaderOptions, Sampler } from "./loaderOptions.js";

/** Draws the rows of one pass, in order. */
export type RowSampler = (random: RandomState) => Int32Array;

/**
 * Creates the row sampler of a loader.
 *
 * @param size - Number of rows of the data.
 * @param count - Number of rows of a pass.
 * @returns `null` if every pass reads all rows in order.
 */
export function rowSamplerOf(options: LoaderOptions, size: number, count: number): RowSampler | null {
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
 * Creates a sampler that draws rows with replacement, with probabilities proportional to their weights.
 *
 * It inverts the cumulative distribution: a uniform number below the sum of all weights is looked up among the cumulative
 * sums. A row of weight 0 is never drawn.
 */
function weightedSampler(weights: ArrayLike<number>): Sampler {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let row = 0; row < weights.length; row++) sums[row] = total += weights[row] ?? 0;
  return (_, random, count) =>
    Int32Array.from({ length: count }, () => firstAbove(sums, random.float() * total));
}

/** Index of the first sum above a number, by binary search. */
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
  // Check the length before copying: it may be billions.
  if (typeof given !== "object" || given?.length !== count) {
    throw new FulmineError("INVALID_DATA", `\`sampler\` must return ${counted(count, "row")}.`, {
      received: given,
      todo: "Set `numSamples` to the number of rows that it returns.",
    });
  }
  const rows = Array.from(given);
  const odd = rows.find((row) => !Number.isInteger(row) || row < 0 || row >= size);
  if (odd === undefined) return Int32Array.from(rows);
  throw new FulmineError("INVALID_DATA", `\`sampler\` must return integers from 0 to ${size - 1}.`, {
    received: odd,
  });
}
