import { FulmineError } from "../errors/fulmineError.js";
import { binaryKinds, kindOf, type BinaryKind } from "./storable.js";

/** Appends the bytes of a typed array to the file's body and returns their offset. */
type AppendBytes = (bytes: Uint8Array) => number;

/**
 * Encodes storable data as JSON data.
 *
 * Values that JSON can't represent become objects with the key `$`, which names the type. Objects of the user that have
 * the key `$` are encoded in this way too.
 */
export function encodeValue(value: unknown, append: AppendBytes): unknown {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $: "number", value: textOf(value) };
    case "bigint":
      return { $: "bigint", value: String(value) };
    case "undefined":
      return { $: "undefined" };
    case "object":
      return value === null ? null : encodeObject(value, append);
    default:
      return value;
  }
}

function encodeObject(value: object, append: AppendBytes): unknown {
  const encode = (child: unknown): unknown => encodeValue(child, append);
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
      return { $: kind, at: append(bytes), length: bytes.length };
    }
    case "Object":
    case null: {
      const entries = Object.entries(value).map(([key, child]) => [key, encode(child)] as const);
      return Object.hasOwn(value, "$") ? { $: "Object", entries } : Object.fromEntries(entries);
    }
    default:
      return encodeBinary(kind, value as Float32Array, append);
  }
}

function encodeBinary(kind: BinaryKind, array: Float32Array, append: AppendBytes): unknown {
  const at = append(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return { $: kind, at, length: array.byteLength / binaryKinds[kind].BYTES_PER_ELEMENT };
}

function textOf(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The part of a file that holds the bytes of typed arrays. */
interface Body {
  readonly buffer: ArrayBuffer;
  /** The offset of its first byte in the buffer, a multiple of 8. */
  readonly start: number;
}

/** The texts of numbers that JSON can't represent. */
const NUMBERS = ["NaN", "Infinity", "-Infinity", "-0"];

/**
 * Decodes data that {@link encodeValue} encoded.
 *
 * @throws FulmineError `INVALID_CHECKPOINT` for data that {@link encodeValue} never returns.
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
      if (!NUMBERS.includes(tagged["value"] as string)) throw invalidValue(value);
      return Number(tagged["value"]);
    case "bigint":
      if (typeof tagged["value"] !== "string" || !/^-?\d+$/.test(tagged["value"])) throw invalidValue(value);
      return BigInt(tagged["value"]);
    case "undefined":
      return undefined;
    case "Date": {
      const time = decode(tagged["value"]);
      if (typeof time !== "number") throw invalidValue(value);
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
        throw invalidValue(value);
      return decodeEntries(entries, decode);
    }
    default:
      return decodeBinary(kind, tagged["at"], tagged["length"], body);
  }
}

/**
 * Decodes data of the first file format. It encoded numbers as `{ $number }` and typed arrays as `{ $array, at, length }`,
 * and did not distinguish them from objects of the user with these keys.
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
  // `__proto__` is never stored. If copied into another object, it would become that object's prototype.
  if (entries.some(([key]) => key === "__proto__")) throw invalidValue("__proto__");
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
  if (!isInside) throw invalidValue({ kind, at, length });
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
  throw invalidValue(value);
}

function pairOf(value: unknown): readonly [unknown, unknown] {
  const pair = listOf(value);
  if (pair.length !== 2) throw invalidValue(value);
  return [pair[0], pair[1]];
}

function invalidValue(received: unknown): FulmineError {
  return new FulmineError("INVALID_CHECKPOINT", "The checkpoint contains an invalid value.", {
    received,
    todo: "Use another checkpoint: this one was changed.",
  });
}
