import { add, mul, tidy, type Scalar, type Tensor } from "@tensorflow/tfjs-core";

/** The gradient with an L2 penalty on the weights added: `grad + weightDecay · param`. */
export function penalized(input: {
  readonly param: Tensor;
  readonly grad: Tensor;
  readonly options: { readonly weightDecay: number };
  readonly scalars: Readonly<Record<"weightDecay", Scalar>>;
}): Tensor {
  const { param, grad, options, scalars } = input;
  return options.weightDecay === 0 ? grad : tidy(() => add(grad, mul(param, scalars.weightDecay)));
}
