import { add, mul, square, sub, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { chained } from "./chained.js";

/** A running mean that takes in a share of a new value: `mean + intake · (value − mean)`. Frees `mean`. */
export function movingMean(mean: Tensor, value: Tensor, intake: Scalar): Tensor {
  const next = chained(
    sub(value, mean),
    (difference) => mul(difference, intake),
    (change) => add(mean, change),
  );
  mean.dispose();
  return next;
}

/** A running mean of squares: `kept · mean + intake · value²`. Frees `mean`. */
export function movingMeanSquare(mean: Tensor, value: Tensor, kept: Scalar, intake: Scalar): Tensor {
  return chained(
    mean,
    (mean) => mul(mean, kept),
    (before) =>
      chained(
        square(value),
        (squared) => mul(squared, intake),
        (change) => add(before, change),
      ),
  );
}
