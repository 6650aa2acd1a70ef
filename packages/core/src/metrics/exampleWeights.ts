import { cast, expandDims, mul, reshape, scalar, sum, tile, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";

/**
 * Returns one weight for each value that a metric counts, float32, `[values]`.
 *
 * @param weights - One weight per example, or one per value; `null` if all count the same.
 * @param rows - Any tensor with one row per example.
 * @param values - Number of values, a multiple of the number of examples: times the steps in a sequence.
 * @returns `null` if there are no weights.
 * @throws FulmineError `INVALID_DATA` if there are more or fewer weights.
 */
export function weightsFor(weights: Tensor | null, rows: Tensor, values: number): Tensor | null {
  if (weights === null) return null;
  const [examples = 1] = rows.shape;
  const numbers = cast(weights, "float32");
  if (numbers.size === values) return reshape(numbers, [-1]);
  if (numbers.size === examples)
    return reshape(tile(reshape(numbers, [-1, 1]), [1, values / examples]), [-1]);
  throw new FulmineError(
    "INVALID_DATA",
    `A metric takes one weight for each of the ${examples} examples` +
      `${values === examples ? "" : `, or for each of the ${values} values that it counts`}.`,
    { received: weights.shape },
  );
}

/**
 * The values, each times its weight.
 *
 * @param values - `[n]`, or `[n, columns]` with one weight per row.
 * @param weights - `[n]`; `null` if all count the same.
 */
export function weighted(values: Tensor, weights: Tensor | null): Tensor {
  if (weights === null) return values;
  return mul(values, values.rank > 1 ? expandDims(weights, 1) : weights);
}

/** The sum of the weights, or the number of values if there are none. */
export function totalWeight(values: number, weights: Tensor | null): Tensor {
  return weights === null ? scalar(values) : sum(weights);
}
