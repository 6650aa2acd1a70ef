/// <reference types="node" />

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/**
 * The bytes of a protobuf message in the making, in one growing buffer: a graph has thousands of small fields.
 *
 * Wire format: https://protobuf.dev/programming-guides/encoding/
 */
export class ProtoBytes {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;

  /** Adds a whole number, an enum's value or a boolean. */
  whole(field: number, value: number | boolean): this {
    this.#varint(field * 8 + VARINT);
    this.#varint(Number(value));
    return this;
  }

  /** Adds a float. */
  float(field: number, value: number): this {
    this.#varint(field * 8 + FIXED32);
    this.#reserve(4);
    this.#length = this.#bytes.writeFloatLE(value, this.#length);
    return this;
  }

  /** Adds a repeated field of whole numbers, packed. */
  wholes(field: number, values: readonly number[]): this {
    const packed = new ProtoBytes();
    for (const value of values) packed.#varint(value);
    return this.bytes(field, packed.encode());
  }

  /** Adds a text. */
  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  /** Adds a message within this one. */
  message(field: number, value: ProtoBytes): this {
    return this.bytes(field, value.encode());
  }

  /** Adds bytes. */
  bytes(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + BYTES);
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** The message's bytes so far. */
  encode(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Seven bits a byte, the lowest first; all but the last byte have the highest bit set. */
  #varint(value: number): void {
    this.#reserve(10);
    if (value < 0) {
      // A negative number is written as the 64 bits of its two's complement.
      let bits = BigInt.asUintN(64, BigInt(value));
      for (; bits >= 128n; bits >>= 7n) this.#bytes[this.#length++] = Number(bits & 127n) + 128;
      this.#bytes[this.#length++] = Number(bits);
      return;
    }
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) + 128;
    this.#bytes[this.#length++] = rest;
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
