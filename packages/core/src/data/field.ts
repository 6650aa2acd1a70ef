import type { Tensor } from "@tensorflow/tfjs-core";

/** Numbers in a typed array. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array;

/** Numbers with a shape, row by row; the first dimension counts the examples. */
export interface ShapedValues<Values extends NumberArray = NumberArray> {
  readonly values: Values;
  readonly shape: readonly number[];
}

/** One field of a data set: a row per example along the first dimension. */
export type Field = Tensor | NumberArray | ShapedValues;

/** Whether a value is an array of numbers that a tensor can hold. */
export function isNumberArray(value: unknown): value is NumberArray {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
}
