import { gather, tensor, tensor1d, tidy, type Tensor } from "@tensorflow/tfjs-core";
import { isTensor } from "../tensors/isTensor.js";
import type { Field } from "./field.js";

/** Makes a tensor of some rows of a field, in the order given; floats become float32 and whole numbers int32. */
export function pickRows(field: Field, rows: Int32Array): Tensor {
  if (isTensor(field)) return tidy(() => gather(field, tensor1d(rows, "int32")));
  const { values, shape } = ArrayBuffer.isView(field) ? { values: field, shape: [field.length] } : field;
  const width = shape.slice(1).reduce((product, dimension) => product * dimension, 1);
  // Float16Array too, where there is one.
  const isFloat = Object.prototype.toString.call(values).startsWith("[object Float");
  const picked = isFloat ? new Float32Array(rows.length * width) : new Int32Array(rows.length * width);
  for (const [at, row] of rows.entries())
    picked.set(values.subarray(row * width, (row + 1) * width), at * width);
  return tensor(picked, [rows.length, ...shape.slice(1)], isFloat ? "float32" : "int32");
}
