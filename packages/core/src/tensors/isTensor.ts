import { Tensor, Variable } from "@tensorflow/tfjs-core";

/** Whether a value is a tensor; unlike `instanceof`, it tells its type without `any`. */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/** Whether a value is a variable. */
export function isVariable(value: unknown): value is Variable {
  return value instanceof Variable;
}
