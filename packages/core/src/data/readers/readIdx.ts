import { FulmineError } from "../../errors/fulmineError.js";
import { shapeSize, type ShapedValues } from "../field.js";
import { fileBytes } from "./fileBytes.js";
import { readNumbers, type NumberKind } from "./binaryNumbers.js";

const kinds: Readonly<Record<number, NumberKind>> = {
  0x08: "u1",
  0x09: "i1",
  0x0b: "i2",
  0x0c: "i4",
  0x0d: "f4",
  0x0e: "f8",
};

/**
 * Reads an IDX file, the format of MNIST. The format is two zero bytes, the number type, the number of dimensions, their
 * sizes, and the numbers, all big-endian (http://yann.lecun.com/exdb/mnist/, "The IDX file format").
 *
 * @param bytes - The decompressed file.
 * @returns A field for a DataLoader. Values are not scaled: divide pixels by 255, e.g. in a `transform`.
 * @throws FulmineError `INVALID_DATA` if the file is malformed.
 * @example
 * ```ts
 * const xs = readIdx(await (await fetch("train-images-idx3-ubyte")).arrayBuffer()); // shape [60000, 28, 28]
 * ```
 */
export function readIdx(bytes: ArrayBuffer | Uint8Array): ShapedValues {
  const file = fileBytes(bytes, "IDX");
  const [zero, alsoZero, code = -1, rank = 0] = file;
  if (zero !== 0 || alsoZero !== 0) {
    throw new FulmineError("INVALID_DATA", "An IDX file must begin with two zero bytes.", {
      received: [zero, alsoZero],
    });
  }
  const kind = kinds[code];
  if (kind === undefined) {
    throw new FulmineError("INVALID_DATA", "The IDX file has an unknown number type at byte 2.", {
      received: `0x${code.toString(16)}`,
    });
  }
  const offset = 4 + 4 * rank;
  if (file.length < offset) {
    throw new FulmineError("INVALID_DATA", `The IDX file's header must have ${offset} bytes.`, {
      received: file.length,
    });
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis, false));
  const count = shapeSize(shape);
  return { values: readNumbers(kind, { view, offset, count, isLittleEndian: false, format: "IDX" }), shape };
}
