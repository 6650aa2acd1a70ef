import { counted } from "../../errors/counted.js";
import { FulmineError } from "../../errors/fulmineError.js";
import type { NumberArray } from "../field.js";

/** A number type in a binary file: `f` for float, `i` for signed integer, `u` for unsigned integer, and its size in bytes. */
export type NumberKind = "f4" | "f8" | "i1" | "i2" | "i4" | "i8" | "u1" | "u2" | "u4" | "u8";

/** Where the numbers are in a binary file. */
export interface NumbersLayout {
  /** The bytes of the file. */
  readonly view: DataView;
  /** Byte offset of the first number. */
  readonly offset: number;
  /** Number of numbers. */
  readonly count: number;
  readonly isLittleEndian: boolean;
  /** The file format in messages, e.g. `"IDX"`. */
  readonly format: string;
}

interface NumberReader {
  readonly bytes: number;
  readonly make: (count: number) => NumberArray;
  readonly read: (view: DataView, offset: number, isLittleEndian: boolean) => number;
}

const numberReaders: Readonly<Record<NumberKind, NumberReader>> = {
  f4: {
    bytes: 4,
    make: (count) => new Float32Array(count),
    read: (view, at, little) => view.getFloat32(at, little),
  },
  f8: {
    bytes: 8,
    make: (count) => new Float64Array(count),
    read: (view, at, little) => view.getFloat64(at, little),
  },
  i1: { bytes: 1, make: (count) => new Int8Array(count), read: (view, at) => view.getInt8(at) },
  i2: {
    bytes: 2,
    make: (count) => new Int16Array(count),
    read: (view, at, little) => view.getInt16(at, little),
  },
  i4: {
    bytes: 4,
    make: (count) => new Int32Array(count),
    read: (view, at, little) => view.getInt32(at, little),
  },
  i8: {
    bytes: 8,
    make: (count) => new Int32Array(count),
    read: (view, at, little) => Number(view.getBigInt64(at, little)),
  },
  u1: { bytes: 1, make: (count) => new Uint8Array(count), read: (view, at) => view.getUint8(at) },
  u2: {
    bytes: 2,
    make: (count) => new Uint16Array(count),
    read: (view, at, little) => view.getUint16(at, little),
  },
  u4: {
    bytes: 4,
    make: (count) => new Int32Array(count),
    read: (view, at, little) => view.getUint32(at, little),
  },
  u8: {
    bytes: 8,
    make: (count) => new Int32Array(count),
    read: (view, at, little) => Number(view.getBigUint64(at, little)),
  },
};

/** Tells whether a name is that of a {@link NumberKind}. */
export function isNumberKind(name: string): name is NumberKind {
  return Object.hasOwn(numberReaders, name);
}

/**
 * Reads all numbers of a file. `i8`, `u8` and `u4` become int32.
 *
 * @throws FulmineError `INVALID_DATA` if the file's size differs from its header, or if a number exceeds int32.
 */
export function readNumbers(kind: NumberKind, layout: NumbersLayout): NumberArray {
  const { view, offset, count, isLittleEndian, format } = layout;
  const { bytes, make, read } = numberReaders[kind];
  const end = offset + count * bytes;
  if (view.byteLength !== end) {
    throw new FulmineError(
      "INVALID_DATA",
      `The ${format} file must have ${Number.isSafeInteger(end) ? counted(end, "byte") : "more than 9e15 bytes"}, as its header says, but has ${view.byteLength}.`,
      {
        todo:
          view.byteLength < end
            ? "It is truncated: download it again."
            : "It has extra bytes after its numbers.",
      },
    );
  }
  const values = make(count);
  const mayOverflow = kind === "i8" || kind === "u8" || kind === "u4";
  for (let index = 0, at = offset; index < count; index++, at += bytes) {
    const value = read(view, at, isLittleEndian);
    values[index] = value;
    if (!mayOverflow || values[index] === value) continue;
    throw new FulmineError(
      "INVALID_DATA",
      `The ${format} file has a number at byte ${at} that int32 can't hold.`,
      {
        received: value,
        todo: "Save the array as int32 or float32.",
      },
    );
  }
  return values;
}
