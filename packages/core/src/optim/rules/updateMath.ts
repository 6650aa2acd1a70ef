import { type Tensor, add, mul, square, sub, type Scalar } from "@tensorflow/tfjs-core";

/**
 * Applies operations one after the other, and frees each value once the next one is computed.
 *
 * A large model's step needs as much memory as its intermediate values that exist at once.
 *
 * @param first - A value that nothing needs afterwards.
 */
export function chained(first: Tensor, ...operations: readonly ((value: Tensor) => Tensor)[]): Tensor {
  return operations.reduce((value, operation) => {
    const next = operation(value);
    value.dispose();
    return next;
  }, first);
}

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

/** The gradient with an L2 penalty on the weights added: `grad + weightDecay · param`. */
export function penalized(input: {
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
 * A parameter and its gradient after weight decay: coupled, as an L2 penalty on the gradient, or decoupled, where the
 * weights themselves shrink by `lr · weightDecay` (Loshchilov and Hutter 2019).
 */
export function decayed(
  input: {
    readonly param: Tensor;
    readonly grad: Tensor;
    readonly options: { readonly weightDecay: number };
    readonly scalars: Readonly<Record<"weightDecay" | "shrink", Scalar>>;
  },
  isDecoupled: boolean,
): { readonly param: Tensor; readonly grad: Tensor } {
  const { param, grad, options, scalars } = input;
  if (!isDecoupled) return { param, grad: penalized(input) };
  return { param: options.weightDecay === 0 ? param : mul(param, scalars.shrink), grad };
}
