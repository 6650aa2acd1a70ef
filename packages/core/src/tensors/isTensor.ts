import { Tensor, Variable } from "@tensorflow/tfjs-core";

/** Tells whether a value is a tensor. Unlike `instanceof`, it narrows the type without `any`. */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/** Tells whether a value is a variable. */
export function isVariable(value: unknown): value is Variable {
  return value instanceof Variable;
}
