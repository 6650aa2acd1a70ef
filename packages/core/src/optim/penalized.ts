import { add, mul, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { chained } from "./chained.js";

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
