import { add, mul, square, sub, tidy, type Scalar, type Tensor } from "@tensorflow/tfjs-core";

/** A running mean that takes in a share of a new value: `mean + intake · (value − mean)`. */
export function movingMean(mean: Tensor, value: Tensor, intake: Scalar): Tensor {
  return tidy(() => add(mean, mul(sub(value, mean), intake)));
}

/** A running mean of squares: `kept · mean + intake · value²`. */
export function movingMeanSquare(mean: Tensor, value: Tensor, kept: Scalar, intake: Scalar): Tensor {
  return tidy(() => add(mul(mean, kept), mul(square(value), intake)));
}
