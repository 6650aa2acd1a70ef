import { FulmineError } from "../../errors/fulmineError.js";
import { viewOf } from "./viewOf.js";

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
