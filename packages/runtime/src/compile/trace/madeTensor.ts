import type { Tensor } from "@tensorflow/tfjs-core";

/** A tensor that was made of values in JavaScript, and has no data yet. */
export interface MadeTensor {
  readonly shape: number[];
  readonly dtype: Tensor["dtype"];
  /** The values, which a kernel that uses the tensor takes as they are at that moment. */
  values: ArrayBufferView;
}

const MADE = Symbol("values in JavaScript");

interface Made {
  [MADE]?: MadeTensor | undefined;
}

/** Says of which values a tensor without data was made. */
export function noteMade(tensor: Tensor, made: MadeTensor): void {
  (tensor as Made)[MADE] = made;
}

/** The values in JavaScript of a tensor without data; `undefined` for any other. */
export function madeValuesOf(tensor: Tensor): MadeTensor | undefined {
  return (tensor as Made)[MADE];
}

/** A tensor has data from here on, and is one like any other if a later step uses it. */
export function forgetMade(tensor: Tensor): void {
  if (madeValuesOf(tensor) !== undefined) (tensor as Made)[MADE] = undefined;
}
