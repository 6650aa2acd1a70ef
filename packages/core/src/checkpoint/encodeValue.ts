import { binaryKinds, kindOf, type BinaryKind } from "./storable.js";

/** Takes the bytes of a typed array in, and says where they stand. */
export type Place = (bytes: Uint8Array) => number;

/**
 * Turns data that can be stored into what JSON can hold.
 *
 * What JSON has no form for is an object with the key `$`, which tells what it stands for; so is an object of the user's
 * that has such a key itself.
 */
export function encodeValue(value: unknown, place: Place): unknown {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $: "number", value: textOf(value) };
    case "bigint":
      return { $: "bigint", value: String(value) };
    case "undefined":
      return { $: "undefined" };
    case "object":
      return value === null ? null : encodeObject(value, place);
    default:
      return value;
  }
}

function encodeObject(value: object, place: Place): unknown {
  const encode = (child: unknown): unknown => encodeValue(child, place);
  const kind = kindOf(value);
  switch (kind) {
    case "Array":
      return (value as unknown[]).map(encode);
    case "Map":
      return { $: "Map", entries: [...(value as Map<unknown, unknown>)].map((entry) => entry.map(encode)) };
    case "Set":
      return { $: "Set", values: [...(value as Set<unknown>)].map(encode) };
    case "Date":
      return { $: "Date", value: encode((value as Date).getTime()) };
    case "ArrayBuffer": {
      const bytes = new Uint8Array(value as ArrayBuffer);
      return { $: kind, at: place(bytes), length: bytes.length };
    }
    case "Object":
    case null: {
      const entries = Object.entries(value).map(([key, child]) => [key, encode(child)] as const);
      return Object.hasOwn(value, "$") ? { $: "Object", entries } : Object.fromEntries(entries);
    }
    default:
      return encodeBinary(kind, value as Float32Array, place);
  }
}

function encodeBinary(kind: BinaryKind, array: Float32Array, place: Place): unknown {
  const at = place(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return { $: kind, at, length: array.byteLength / binaryKinds[kind].BYTES_PER_ELEMENT };
}

function textOf(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
