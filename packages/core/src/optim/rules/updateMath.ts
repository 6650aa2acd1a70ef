import { add, mul, square, sub, type Scalar, type Tensor } from "@tensorflow/tfjs-core";

/**
 * Applies operations in order and disposes each intermediate value as soon as the next one exists.
 *
 * This keeps the peak memory of an update low: a tidy would keep every intermediate value until the update ends.
 *
 * @param first - The first value; disposed as well.
 */
export function chained(first: Tensor, ...operations: readonly ((value: Tensor) => Tensor)[]): Tensor {
  return operations.reduce((value, operation) => {
    const next = operation(value);
    value.dispose();
    return next;
  }, first);
}

/** Updates an exponential moving average: `mean + (1 − β) · (value − mean)`. Disposes `mean`. */
export function movingMean(mean: Tensor, value: Tensor, oneMinusBeta: Scalar): Tensor {
  const next = chained(
    sub(value, mean),
    (difference) => mul(difference, oneMinusBeta),
    (change) => add(mean, change),
  );
  mean.dispose();
  return next;
}

/** Updates an exponential moving average of squares: `β · mean + (1 − β) · value²`. Disposes `mean`. */
export function movingMeanSquare(mean: Tensor, value: Tensor, beta: Scalar, oneMinusBeta: Scalar): Tensor {
  return chained(
    mean,
    (mean) => mul(mean, beta),
    (before) =>
      chained(
        square(value),
        (squared) => mul(squared, oneMinusBeta),
        (change) => add(before, change),
      ),
  );
}

/** Adds the gradient of an L2 penalty: `grad + weightDecay · param`. */
export function withL2Penalty(input: {
  readonly param: Tensor;
  readonly grad: Tensor;
  readonly options: { readonly weightDecay: number };
  readonly scalars: Readonly<Record<"weightDecay", Scalar>>;
}): Tensor {
  const { param, grad, options, scalars } = input;
  if (options.weightDecay === 0) return grad;
  return chained(mul(param, scalars.weightDecay), (penalty) => add(grad, penalty));
}

/**
 * Applies weight decay before an update.
 *
 * Coupled decay adds an L2 penalty to the gradient. Decoupled decay multiplies the parameter by
 * `1 − lr · weightDecay`, which is the scalar `shrink` (Loshchilov and Hutter 2019).
 */
export function withWeightDecay(
  input: {
    readonly param: Tensor;
    readonly grad: Tensor;
    readonly options: { readonly weightDecay: number };
    readonly scalars: Readonly<Record<"weightDecay" | "shrink", Scalar>>;
  },
  isDecoupled: boolean,
): { readonly param: Tensor; readonly grad: Tensor } {
  const { param, grad, options, scalars } = input;
  if (!isDecoupled) return { param, grad: withL2Penalty(input) };
  return { param: options.weightDecay === 0 ? param : mul(param, scalars.shrink), grad };
}
