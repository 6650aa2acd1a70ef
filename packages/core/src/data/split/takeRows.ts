import { gather, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { isTensor } from "../../tensors/isTensor.js";
import { isNumberArray, type Field, type NumberArray } from "../field.js";

/** Returns the given rows of a field, in that order, as a field of the same kind. */
export function takeRows(field: Field, rows: Int32Array): Field {
  if (isTensor(field)) return tidy(() => gather(field, tensor1d(rows, "int32")));
  if (isNumberArray(field)) return takeValues(field, rows, 1);
  const [, ...rest] = field.shape;
  const width = rest.reduce((product, size) => product * size, 1);
  return { ...field, values: takeValues(field.values, rows, width), shape: [rows.length, ...rest] };
}

/** Returns an array of the same type. */
function takeValues(values: NumberArray, rows: Int32Array, width: number): NumberArray {
  // A slice has the type of its array, also of one that this file does not know.
  const taken = values.slice(0, rows.length * width);
  for (const [at, row] of rows.entries())
    taken.set(values.subarray(row * width, (row + 1) * width), at * width);
  return taken;
}
