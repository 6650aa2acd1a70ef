import { readFileSync } from "node:fs";

/** An array as NumPy keeps it: its values in C order, and its shape. */
export interface NpyArray {
  readonly values: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/**
 * Reads a `.npy` file of little-endian float32 or int32 in C order (NumPy's format, version 1.0).
 *
 * @throws Error when it holds anything else.
 */
export function readNpy(path: string): NpyArray {
  const file = readFileSync(path);
  const headerEnd = 10 + file.readUInt16LE(8);
  const header = file.toString("latin1", 10, headerEnd);
  const type = /'descr': '(<f4|<i4)'/.exec(header)?.[1];
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1];
  if (type === undefined || shape === undefined || header.includes("'fortran_order': True")) {
    throw new Error(`${path} is not a C-ordered .npy file of float32 or int32: ${header}`);
  }
  // A copy of its own, as a view of the file's buffer may not lie on a boundary of four bytes.
  const data = new Uint8Array(file.subarray(headerEnd)).buffer;
  return {
    values: type === "<f4" ? new Float32Array(data) : new Int32Array(data),
    shape: shape
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(Number),
  };
}
