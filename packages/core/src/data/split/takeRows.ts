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
  const taken = copyOfStart(values, rows.length * width);
  for (const [at, row] of rows.entries())
    taken.set(values.subarray(row * width, (row + 1) * width), at * width);
  return taken;
}

/** A copy has the type of its array, also of one that this file does not know. */
function copyOfStart<Values extends NumberArray>(values: Values, length: number): Values {
  // A Buffer is a Uint8Array whose own `slice` shares its memory, so that the rows would overwrite the data.
  return Reflect.apply(Uint8Array.prototype.slice, values, [0, length]) as Values;
}
