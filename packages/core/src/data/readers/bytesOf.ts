import { FulmineError } from "../../fulmineError.js";

/**
 * The bytes of a binary file, however they were handed over.
 *
 * @param format - The file's kind in messages, e.g. `"IDX"`.
 * @throws {@link FulmineError} `INVALID_DATA` when they are none, or when they are compressed.
 */
export function bytesOf(given: ArrayBuffer | Uint8Array, format: string): Uint8Array {
  const bytes: unknown = given instanceof Uint8Array ? given : new Uint8Array(given);
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) {
    throw new FulmineError("INVALID_DATA", `There are no bytes of the ${format} file.`, { received: given });
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new FulmineError("INVALID_DATA", `The ${format} file is compressed with gzip.`, {
      todo: 'Decompress it first, e.g. response.body.pipeThrough(new DecompressionStream("gzip")).',
    });
  }
  return bytes;
}
