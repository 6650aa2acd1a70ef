import { viewOf } from "../data/readers/fileBytes.js";
import { reasonOf } from "../errors/describe.js";
import { counted } from "../errors/counted.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Files } from "../platform/platform.js";
import { checkCheckpoint } from "./checkCheckpoint.js";
import type { Checkpoint } from "./checkpoint.js";
import { requireStorable } from "./storable.js";
import { decodeOldValue, decodeValue, encodeValue } from "./valueCodec.js";

/** The first bytes of a checkpoint file: a name and the version of the format. */
const MAGIC = new TextEncoder().encode("FULMINE2");
/** The version byte of the previous format, which can still be read. */
const OLD_VERSION = "1".charCodeAt(0);
const HASH_BYTES = 32;
const START = MAGIC.length + HASH_BYTES;
const ALIGNMENT = 8;

/** A `Uint8Array<ArrayBuffer>`, which a `Blob` accepts. TypeScript 5.6 can't write this type. */
export type OwnBytes = ReturnType<Uint8ArrayConstructor["from"]>;

/**
 * Encodes a checkpoint as the bytes of a file.
 *
 * The file consists of a name, a SHA-256 of the rest, the length of a JSON text, the text, and the little-endian bytes of
 * all typed arrays, to which the text refers.
 *
 * @throws FulmineError `INVALID_CHECKPOINT` if the checkpoint is not valid, or `INVALID_FIELD`, naming a value that
 * the file can't store without loss.
 */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<OwnBytes> {
  for (const [key, value] of Object.entries(checkCheckpoint(checkpoint))) requireStorable(value, key);
  const arrays: Uint8Array[] = [];
  let size = 0;
  const append = (array: Uint8Array): number => {
    const at = size;
    arrays.push(array);
    size += align(array.length);
    return at;
  };
  const text = JSON.stringify(encodeValue(checkpoint, append));
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
 * Decodes a checkpoint from the bytes of a file.
 *
 * @throws FulmineError `INVALID_CHECKPOINT` if the bytes are not a complete, undamaged checkpoint.
 */
export async function decodeCheckpoint(file: Uint8Array): Promise<Checkpoint> {
  const view = viewOf(file);
  if (view === null) {
    throw new FulmineError("INVALID_CHECKPOINT", "A checkpoint file must be given as bytes.", {
      received: file,
      todo: "Pass the bytes of the whole file, as encodeCheckpoint returned them.",
    });
  }
  // The copy is aligned; a view of another buffer may not be, and a slice of a Node Buffer is not a copy.
  const bytes = new Uint8Array(view);
  const version = bytes[MAGIC.length - 1] ?? 0;
  const isOld = version === OLD_VERSION;
  if (
    !MAGIC.every((byte, index) => (index === MAGIC.length - 1 && isOld ? OLD_VERSION : byte) === bytes[index])
  ) {
    throw new FulmineError("INVALID_CHECKPOINT", "The file is not a checkpoint of this version of Fulmine.", {
      received: new TextDecoder().decode(bytes.subarray(0, MAGIC.length)),
      todo: "Pass one that ModelCheckpoint, `trainer.saveCheckpoint` or `encodeCheckpoint` wrote.",
    });
  }
  const expected = bytes.slice(MAGIC.length, START);
  bytes.fill(0, MAGIC.length, START);
  const actual = bytes.length < START + 4 ? null : await hash(bytes);
  if (actual === null || !expected.every((byte, index) => actual[index] === byte)) {
    throw new FulmineError(
      "INVALID_CHECKPOINT",
      "The checkpoint is damaged: its checksum does not match its contents.",
      {
        received: counted(bytes.length, "byte"),
        todo: "Use another checkpoint. Files are written completely or not at all, so this one was changed later.",
      },
    );
  }
  return checkCheckpoint(readBody(bytes, isOld ? decodeOldValue : decodeValue));
}

/** Decodes the text of a file and the arrays to which it refers. */
function readBody(bytes: Uint8Array<ArrayBuffer>, decode: typeof decodeValue): unknown {
  const length = new DataView(bytes.buffer).getUint32(START, true);
  const start = align(START + 4 + length);
  try {
    if (start > bytes.length) throw new RangeError(`its text would have ${counted(length, "byte")}`);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(
      bytes.subarray(START + 4, START + 4 + length),
    );
    return decode(JSON.parse(text), { buffer: bytes.buffer, start });
  } catch (cause) {
    if (cause instanceof FulmineError) throw cause;
    throw new FulmineError("INVALID_CHECKPOINT", `The checkpoint can't be read: ${reasonOf(cause)}.`, {
      received: counted(bytes.length, "byte"),
      todo: "Use another checkpoint: this one was not written by Fulmine, or was changed.",
      cause,
    });
  }
}

/** Hashes a file in which the bytes of the hash are 0. */
async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function align(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}

/**
 * Gets a checkpoint from a file, or checks one that is given as an object.
 *
 * @param checkpoint - The path of a file, or a checkpoint.
 * @throws FulmineError `INVALID_CHECKPOINT` if it can't be read or is not valid, `UNAVAILABLE` if there is no file
 * system.
 */
export async function readCheckpoint(checkpoint: string | Checkpoint, files: Files): Promise<Checkpoint> {
  if (typeof checkpoint !== "string") return checkCheckpoint(checkpoint);
  const bytes = await read(checkpoint, files);
  return decodeCheckpoint(bytes).catch((cause: unknown) => {
    throw new FulmineError("INVALID_CHECKPOINT", `${checkpoint} can't be used: ${reasonOf(cause)}`, {
      cause,
    });
  });
}

async function read(path: string, files: Files): Promise<Uint8Array> {
  try {
    return await files.read(path);
  } catch (error) {
    if (error instanceof FulmineError) throw error;
    throw new FulmineError("INVALID_CHECKPOINT", `The checkpoint file can't be read: ${reasonOf(error)}.`, {
      received: path,
      todo: "Pass the path of a file that ModelCheckpoint or `trainer.saveCheckpoint` wrote.",
      cause: error,
    });
  }
}

/**
 * Writes a file unless one exists.
 *
 * @returns Whether the file was written.
 */
export async function writeNew(files: Files, path: string, content: Uint8Array): Promise<boolean> {
  if (files.create !== undefined) return files.create(path, content);
  if ((await files.exists?.(path)) ?? false) return false;
  await files.write(path, content);
  return true;
}
