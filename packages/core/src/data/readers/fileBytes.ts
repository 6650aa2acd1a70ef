import { FulmineError } from "../../errors/fulmineError.js";
import { safely } from "../../options/checkOptions.js";

/**
 * Returns the bytes of a binary file that a reader was given.
 *
 * @param format - The file format in messages, e.g. `"IDX"`.
 * @throws FulmineError `INVALID_DATA` if there are no bytes, or if they are compressed.
 */
export function fileBytes(given: ArrayBuffer | Uint8Array, format: string): Uint8Array {
  const bytes = viewOf(given);
  if (bytes === null || bytes.length === 0) {
    throw new FulmineError("INVALID_DATA", `The ${format} file has no bytes.`, {
      received: given,
      todo: "Pass its content as an ArrayBuffer or a Uint8Array, e.g. await readFile(path) in Node, or await response.arrayBuffer().",
    });
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new FulmineError("INVALID_DATA", `The ${format} file is compressed with gzip.`, {
      todo: 'Decompress it first, e.g. response.body.pipeThrough(new DecompressionStream("gzip")).',
    });
  }
  return bytes;
}

/** Returns a view of the bytes in a buffer or typed array; `null` for any other value, numbers included. */
export function viewOf(given: unknown): Uint8Array | null {
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (typeof given !== "object" || given === null) return null;
  // A buffer of another realm is not an instance of this realm's ArrayBuffer.
  const isBuffer = safely(() =>
    /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(given)),
  );
  return isBuffer ? bufferBytes(given as ArrayBuffer) : null;
}

/** Throws no error for a buffer that was transferred to a worker, nor for an object that only looks like a buffer. */
function bufferBytes(buffer: ArrayBuffer): Uint8Array | null {
  try {
    return new Uint8Array(buffer, 0);
  } catch {
    return null;
  }
}
