import type { Tensor } from "@tensorflow/tfjs-core";

/** A typed array of numbers. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array;

/** Numbers with a shape. */
export interface ShapedValues<Values extends NumberArray = NumberArray> {
  /** The numbers, in C order: the last index changes fastest. */
  readonly values: Values;
  /** The shape, `[examples, …]`. */
  readonly shape: readonly number[];
}

/** One field of a data set, with one row per example along the first dimension. */
export type Field = Tensor | NumberArray | ShapedValues;

/** Tells whether a value is a typed array of numbers that a tensor can hold. */
export function isNumberArray(value: unknown): value is NumberArray {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
}

/** Tells whether a value is a shape: a list of non-negative integers. */
export function isShape(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    Array.from(value).every((size: unknown) => Number.isSafeInteger(size) && Number(size) >= 0)
  );
}

/** Copies the given rows of an array, each of `width` numbers, to the start of another one. */
export function copyRows(values: NumberArray, rows: Int32Array, width: number, into: NumberArray): void {
  for (const [at, row] of rows.entries())
    into.set(values.subarray(row * width, (row + 1) * width), at * width);
}

/** Number of elements of a shape; `Infinity` if the product overflows. */
export function shapeSize(shape: readonly number[]): number {
  // Infinity times 0 would be NaN.
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}
