import { safely } from "../../options/checkOptions.js";

/** The bytes that a value holds, `null` when it holds none; a number is no size of a file to be made. */
export function viewOf(given: unknown): Uint8Array | null {
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (typeof given !== "object" || given === null) return null;
  // Buffers of another realm are no instances of this one's ArrayBuffer.
  const isBuffer = safely(() =>
    /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(given)),
  );
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
