import { FulmineError } from "../fulmineError.js";
import type { Checkpoint } from "./checkpoint.js";

/** What a checkpoint's file begins with: its name and the version of its layout. */
const MAGIC = new TextEncoder().encode("FULMINE1");
const HASH_BYTES = 32;
const START = MAGIC.length + HASH_BYTES;
const ALIGNMENT = 8;

const kinds = { Float32Array, Float64Array, Int32Array, Uint8Array };
type Kind = keyof typeof kinds;

/** A typed array's place in the file, which stands in the JSON where the array was. */
interface Placed {
  readonly $array: Kind;
  readonly at: number;
  readonly length: number;
}

/** Bytes in a buffer of their own, which a `Blob` takes. TypeScript 5.6 knows no `Uint8Array<ArrayBuffer>`. */
type OwnBytes = ReturnType<Uint8ArrayConstructor["from"]>;

/**
 * Puts a checkpoint into bytes: a name, a SHA-256 of the rest, the length of a JSON text, the text, and the numbers of all
 * tensors, little-endian, to which the text refers.
 */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<OwnBytes> {
  const arrays: Uint8Array[] = [];
  let size = 0;
  const text = JSON.stringify(checkpoint, (_, value: unknown) => {
    if (Object.is(value, -0)) return { $number: "-0" };
    if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
    const kind = kindOf(value);
    if (kind === null) return value;
    const array = value as Float32Array;
    const placed: Placed = { $array: kind, at: size, length: array.length };
    arrays.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    size += align(array.byteLength);
    return placed;
  });
  const header = new TextEncoder().encode(text);
  const bodyStart = align(START + 4 + header.length);
  const bytes = new Uint8Array(bodyStart + size);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(START, header.length, true);
  bytes.set(header, START + 4);
  let at = bodyStart;
  for (const array of arrays) {
    bytes.set(array, at);
    at += align(array.length);
  }
  bytes.set(await hash(bytes), MAGIC.length);
  return bytes;
}

/**
 * Reads a checkpoint from bytes.
 *
 * @throws {@link FulmineError} `INVALID_CHECKPOINT` when they are not one, or not whole.
 */
export async function decodeCheckpoint(given: Uint8Array): Promise<Checkpoint> {
  // A copy of its own is aligned, which views of a file's buffer need not be. The slice of a Buffer is no copy.
  const bytes = new Uint8Array(given);
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) {
    throw new FulmineError("INVALID_CHECKPOINT", "The file is not a checkpoint of this version of Fulmine.", {
      received: new TextDecoder().decode(bytes.subarray(0, MAGIC.length)),
    });
  }
  const expected = bytes.slice(MAGIC.length, START);
  bytes.fill(0, MAGIC.length, START);
  const actual = bytes.length < START + 4 ? null : await hash(bytes);
  if (actual === null || !expected.every((byte, index) => actual[index] === byte)) {
    throw new FulmineError(
      "INVALID_CHECKPOINT",
      "The checkpoint is damaged: its checksum does not fit its contents.",
      {
        received: `${bytes.length} bytes`,
        todo: "Use another one; a file is written whole or not at all, so this one was changed or cut off later.",
      },
    );
  }
  const length = new DataView(bytes.buffer).getUint32(START, true);
  const bodyStart = align(START + 4 + length);
  const text = new TextDecoder().decode(bytes.subarray(START + 4, START + 4 + length));
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("$number" in value) return Number(value.$number);
    if (!("$array" in value)) return value;
    const { $array, at, length: count } = value as Placed;
    return new kinds[$array](bytes.buffer, bodyStart + at, count);
  }) as Checkpoint;
}

/** The hash of a file whose place for the hash is empty. */
async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function kindOf(value: unknown): Kind | null {
  const found = Object.entries(kinds).find(([, type]) => value instanceof type);
  return (found?.[0] as Kind | undefined) ?? null;
}

function align(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}
