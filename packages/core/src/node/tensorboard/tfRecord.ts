/// <reference types="node" />
import { crc32c } from "./crc32c.js";

/**
 * Frames bytes as a record of a TFRecord file: length, its checksum, the bytes, their checksum, all little-endian.
 *
 * Format: https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 */
export function tfRecord(bytes: Uint8Array): Uint8Array {
  const record = Buffer.alloc(bytes.length + 16);
  record.writeBigUInt64LE(BigInt(bytes.length), 0);
  record.writeUInt32LE(masked(crc32c(record.subarray(0, 8))), 8);
  record.set(bytes, 12);
  record.writeUInt32LE(masked(crc32c(bytes)), 12 + bytes.length);
  return record;
}

/** Checksums are rotated and shifted, so that the checksum of data which holds checksums stays meaningful. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
