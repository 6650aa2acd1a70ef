import { gather, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { isTensor } from "../../tensors/isTensor.js";
import { copyRows, isNumberArray, shapeSize, type Field, type NumberArray } from "../field.js";

/** Returns the given rows of a field, in that order, as a field of the same kind. */
export function takeRows(field: Field, rows: Int32Array): Field {
  if (isTensor(field)) return tidy(() => gather(field, tensor1d(rows, "int32")));
  if (isNumberArray(field)) return takeValues(field, rows, 1);
  const [, ...rest] = field.shape;
  return { ...field, values: takeValues(field.values, rows, shapeSize(rest)), shape: [rows.length, ...rest] };
}

/** Returns an array of the same type. */
function takeValues(values: NumberArray, rows: Int32Array, width: number): NumberArray {
  const length = rows.length * width;
  // A slice has the type of its array, also of one that this file does not know. That of a Buffer would share its memory.
  const taken =
    values instanceof Uint8Array ? Uint8Array.from(values.subarray(0, length)) : values.slice(0, length);
  copyRows(values, rows, width, taken);
  return taken;
}
