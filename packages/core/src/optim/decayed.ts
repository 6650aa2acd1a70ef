import { mul, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { penalized } from "./penalized.js";

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
