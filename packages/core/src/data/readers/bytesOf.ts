import { FulmineError } from "../../fulmineError.js";

/**
 * The bytes of a binary file, however they were handed over.
 *
 * @param format - The file's kind in messages, e.g. `"IDX"`.
 * @throws {@link FulmineError} `INVALID_DATA` when they are none, or when they are compressed.
 */
export function bytesOf(given: ArrayBuffer | Uint8Array, format: string): Uint8Array {
  const bytes = viewOf(given);
  if (bytes === null || bytes.length === 0) {
    throw new FulmineError("INVALID_DATA", `There are no bytes of the ${format} file.`, {
      received: given,
      todo: "Pass an ArrayBuffer or a Uint8Array, e.g. await response.arrayBuffer().",
    });
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new FulmineError("INVALID_DATA", `The ${format} file is compressed with gzip.`, {
      todo: 'Decompress it first, e.g. response.body.pipeThrough(new DecompressionStream("gzip")).',
    });
  }
  return bytes;
}

/** The bytes that a value holds; a number is no size of a file to be made. */
function viewOf(given: unknown): Uint8Array | null {
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (typeof given !== "object" || given === null) return null;
  // Buffers of another realm are no instances of this one's ArrayBuffer.
  const isBuffer = /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(given));
  return isBuffer ? bufferBytes(given as ArrayBuffer) : null;
}

/** A buffer that was handed on to a worker is there no more, and an impostor never was. */
function bufferBytes(buffer: ArrayBuffer): Uint8Array | null {
  try {
    return new Uint8Array(buffer, 0);
  } catch {
    return null;
  }
}
