import { FulmineError } from "../../errors/fulmineError.js";
import type { NumberArray } from "../field.js";

/** A kind of number in a binary file: `f` float, `i` whole, `u` whole without sign, and its bytes. */
export type NumberKind = "f4" | "f8" | "i1" | "i2" | "i4" | "i8" | "u1" | "u2" | "u4" | "u8";

/** Where numbers lie in a binary file. */
export interface NumbersPlace {
  readonly view: DataView;
  /** The first number's byte. */
  readonly offset: number;
  /** How many there are. */
  readonly count: number;
  readonly isLittleEndian: boolean;
  /** The file's kind in messages, e.g. `"IDX"`. */
  readonly format: string;
}

interface Reading {
  readonly bytes: number;
  readonly make: (count: number) => NumberArray;
  readonly read: (view: DataView, offset: number, isLittleEndian: boolean) => number;
}

const readings: Readonly<Record<NumberKind, Reading>> = {
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

/** Whether there is such a kind. */
export function isNumberKind(name: string): name is NumberKind {
  return Object.hasOwn(readings, name);
}

/**
 * Reads numbers of one kind; those of more than 32 bits and `u4` become int32 where they fit.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when the file ends before or after them, or one does not fit.
 */
export function readNumbers(kind: NumberKind, place: NumbersPlace): NumberArray {
  const { view, offset, count, isLittleEndian, format } = place;
  const { bytes, make, read } = readings[kind];
  const end = offset + count * bytes;
  if (view.byteLength !== end) {
    throw new FulmineError(
      "INVALID_DATA",
      `The ${format} file must have ${Number.isSafeInteger(end) ? end : "more than 9e15"} bytes, as its header says, but has ${view.byteLength}.`,
      {
        todo:
          view.byteLength < end ? "It is cut off: fetch it again." : "Something else follows its numbers.",
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
