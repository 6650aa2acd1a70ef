import { viewOf } from "../data/readers/fileBytes.js";
import { reasonOf } from "../errors/describe.js";
import { FulmineError } from "../errors/fulmineError.js";
import { checkCheckpoint } from "./checkCheckpoint.js";
import type { Checkpoint } from "./checkpoint.js";
import { decodeOldValue, decodeValue } from "./decodeValue.js";
import { encodeValue } from "./encodeValue.js";
import { requireStorable } from "./storable.js";

/** What a checkpoint's file begins with: its name and the version of its layout. */
const MAGIC = new TextEncoder().encode("FULMINE2");
/** The last place of the name in files of the layout before, which are read as well. */
const OLD_VERSION = "1".charCodeAt(0);
const HASH_BYTES = 32;
const START = MAGIC.length + HASH_BYTES;
const ALIGNMENT = 8;

/** Bytes in a buffer of their own, which a `Blob` takes. TypeScript 5.6 knows no `Uint8Array<ArrayBuffer>`. */
type OwnBytes = ReturnType<Uint8ArrayConstructor["from"]>;

/**
 * Puts a checkpoint into bytes: a name, a SHA-256 of the rest, the length of a JSON text, the text, and the numbers of all
 * tensors, little-endian, to which the text refers.
 *
 * @throws {@link FulmineError} `INVALID_CHECKPOINT` when it is none, or `INVALID_FIELD`, naming what would not come back as
 * it is.
 */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<OwnBytes> {
  for (const [key, value] of Object.entries(checkCheckpoint(checkpoint))) requireStorable(value, key);
  const arrays: Uint8Array[] = [];
  let size = 0;
  const place = (array: Uint8Array): number => {
    const at = size;
    arrays.push(array);
    size += align(array.length);
    return at;
  };
  const text = JSON.stringify(encodeValue(checkpoint, place));
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
  const view = viewOf(given);
  if (view === null) {
    throw new FulmineError("INVALID_CHECKPOINT", "There are no bytes of a checkpoint.", {
      received: given,
      todo: "Pass the bytes of the whole file, as encodeCheckpoint gave them.",
    });
  }
  const bytes = new Uint8Array(view);
  const version = bytes[MAGIC.length - 1] ?? 0;
  const isOld = version === OLD_VERSION;
  if (
    !MAGIC.every((byte, index) => (index === MAGIC.length - 1 && isOld ? OLD_VERSION : byte) === bytes[index])
  ) {
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
  return checkCheckpoint(readBody(bytes, isOld ? decodeOldValue : decodeValue));
}

/** Reads the text of a file and what it refers to. */
function readBody(bytes: Uint8Array<ArrayBuffer>, decode: typeof decodeValue): unknown {
  const length = new DataView(bytes.buffer).getUint32(START, true);
  const start = align(START + 4 + length);
  try {
    if (start > bytes.length) throw new RangeError(`its text would have ${length} bytes`);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(
      bytes.subarray(START + 4, START + 4 + length),
    );
    return decode(JSON.parse(text), { buffer: bytes.buffer, start });
  } catch (cause) {
    if (cause instanceof FulmineError) throw cause;
    throw new FulmineError("INVALID_CHECKPOINT", `The checkpoint can't be read: ${reasonOf(cause)}.`, {
      received: `${bytes.length} bytes`,
      todo: "Use another one: this one was not written by Fulmine, or was changed.",
      cause,
    });
  }
}

/** The hash of a file whose place for the hash is empty. */
async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function align(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}
