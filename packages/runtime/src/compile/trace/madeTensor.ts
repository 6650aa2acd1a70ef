import type { Tensor } from "@tensorflow/tfjs-core";

/** A tensor made from JavaScript values that has no data yet. */
export interface MadeTensor {
  readonly shape: number[];
  readonly dtype: Tensor["dtype"];
  /** The values. They are copied at the tensor's first use; until then the caller's changes to them count. */
  values: ArrayBufferView;
}

const MADE = Symbol("values in JavaScript");

interface Made {
  [MADE]?: MadeTensor | undefined;
}

/** Records the values of a tensor without data. */
export function noteMade(tensor: Tensor, made: MadeTensor): void {
  (tensor as Made)[MADE] = made;
}

/** Gets the JavaScript values of a tensor without data; `undefined` for any other tensor. */
export function madeValuesOf(tensor: Tensor): MadeTensor | undefined {
  return (tensor as Made)[MADE];
}

/** Removes the recorded values of a tensor that has data from now on. */
export function forgetMade(tensor: Tensor): void {
  if (madeValuesOf(tensor) !== undefined) (tensor as Made)[MADE] = undefined;
}
