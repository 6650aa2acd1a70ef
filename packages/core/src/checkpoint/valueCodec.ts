import { FulmineError } from "../errors/fulmineError.js";
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

/** The bytes of a file to which its JSON refers. */
export interface Body {
  readonly buffer: ArrayBuffer;
  /** Where they begin in the buffer, which is a multiple of 8. */
  readonly start: number;
}

const NUMBERS = ["NaN", "Infinity", "-Infinity", "-0"];

/**
 * Turns what {@link encodeValue} gave back into the data that it was made of.
 *
 * @throws {@link FulmineError} `INVALID_CHECKPOINT` for what it can't have given.
 */
export function decodeValue(value: unknown, body: Body): unknown {
  const decode = (child: unknown): unknown => decodeValue(child, body);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decode);
  if (!Object.hasOwn(value, "$")) return decodeEntries(Object.entries(value), decode);
  const tagged = value as Readonly<Record<string, unknown>>;
  const { $: kind } = tagged;
  switch (kind) {
    case "number":
      if (!NUMBERS.includes(tagged["value"] as string)) throw odd(value);
      return Number(tagged["value"]);
    case "bigint":
      if (typeof tagged["value"] !== "string" || !/^-?\d+$/.test(tagged["value"])) throw odd(value);
      return BigInt(tagged["value"]);
    case "undefined":
      return undefined;
    case "Date": {
      const time = decode(tagged["value"]);
      if (typeof time !== "number") throw odd(value);
      return new Date(time);
    }
    case "Set":
      return new Set(listOf(tagged["values"]).map(decode));
    case "Map":
      return new Map(
        listOf(tagged["entries"])
          .map(pairOf)
          .map(([key, item]) => [decode(key), decode(item)]),
      );
    case "Object": {
      const entries = listOf(tagged["entries"]).map(pairOf);
      if (!entries.every((entry): entry is [string, unknown] => typeof entry[0] === "string"))
        throw odd(value);
      return decodeEntries(entries, decode);
    }
    default:
      return decodeBinary(kind, tagged["at"], tagged["length"], body);
  }
}

/**
 * The same for files of the first layout, where `{ $number }` stood for a number and `{ $array, at, length }` for a typed
 * array, and where nothing told them from objects of the user's that look so.
 */
export function decodeOldValue(value: unknown, body: Body): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((child) => decodeOldValue(child, body));
  const fields = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(fields).sort().join();
  if (keys === "$number" && NUMBERS.includes(fields["$number"] as string)) return Number(fields["$number"]);
  if (keys === "$array,at,length" && typeof fields["$array"] === "string" && isKind(fields["$array"]))
    return decodeBinary(fields["$array"], fields["at"], fields["length"], body);
  return decodeEntries(Object.entries(value), (child) => decodeOldValue(child, body));
}

function decodeEntries(entries: readonly [string, unknown][], decode: (child: unknown) => unknown): object {
  // `__proto__` is never stored, and would be a prototype wherever the object is copied.
  if (entries.some(([key]) => key === "__proto__")) throw odd("__proto__");
  return Object.fromEntries(entries.map(([key, child]) => [key, decode(child)]));
}

function decodeBinary(kind: unknown, at: unknown, length: unknown, { buffer, start }: Body): object {
  const size = kind === "ArrayBuffer" ? 1 : isKind(kind) ? binaryKinds[kind].BYTES_PER_ELEMENT : null;
  const isInside =
    size !== null &&
    isCount(at) &&
    isCount(length) &&
    at % 8 === 0 &&
    start + at + length * size <= buffer.byteLength;
  if (!isInside) throw odd({ kind, at, length });
  const first = start + at;
  return isKind(kind) ? new binaryKinds[kind](buffer, first, length) : buffer.slice(first, first + length);
}

function isKind(kind: unknown): kind is BinaryKind {
  return typeof kind === "string" && Object.hasOwn(binaryKinds, kind);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw odd(value);
}

function pairOf(value: unknown): readonly [unknown, unknown] {
  const pair = listOf(value);
  if (pair.length !== 2) throw odd(value);
  return [pair[0], pair[1]];
}

function odd(received: unknown): FulmineError {
  return new FulmineError("INVALID_CHECKPOINT", "The checkpoint holds a value that is never written.", {
    received,
    todo: "Use another one: this one was changed.",
  });
}
