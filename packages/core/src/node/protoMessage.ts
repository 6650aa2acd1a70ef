/// <reference types="node" />

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * Builds a protobuf message field by field, for loggers and exporters that write TensorFlow files.
 *
 * Wire format: https://protobuf.dev/programming-guides/encoding/
 *
 * @example
 * ```ts
 * const bytes = new ProtoMessage().text(1, "loss").float(2, 0.5).encode();
 * ```
 */
export class ProtoMessage {
  // One growing buffer, because a graph has thousands of messages, most of them small.
  #bytes = Buffer.allocUnsafe(64);
  #length = 0;

  /** Adds an integer, an enum value or a boolean. */
  whole(field: number, value: number | boolean): this {
    return this.#key(field, VARINT).#varint(Number(value));
  }

  /** Adds a packed repeated field of integers. */
  wholes(field: number, values: readonly number[]): this {
    const packed = new ProtoMessage();
    for (const value of values) packed.#varint(value);
    return this.message(field, packed);
  }

  /** Adds a double. */
  double(field: number, value: number): this {
    return this.#key(field, FIXED64).#double(value);
  }

  /** Adds a packed repeated field of doubles. */
  doubles(field: number, values: readonly number[]): this {
    const packed = new ProtoMessage();
    for (const value of values) packed.#double(value);
    return this.message(field, packed);
  }

  /** Adds a float. */
  float(field: number, value: number): this {
    this.#key(field, FIXED32).#reserve(4);
    this.#length = this.#bytes.writeFloatLE(value, this.#length);
    return this;
  }

  /** Adds a string. */
  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  /** Adds a nested message. */
  message(field: number, value: ProtoMessage): this {
    return this.bytes(field, value.encode());
  }

  /** Adds bytes. */
  bytes(field: number, value: Uint8Array): this {
    this.#key(field, BYTES).#varint(value.length).#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** The encoded message. */
  encode(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #key(field: number, wireType: number): this {
    return this.#varint(field * 8 + wireType);
  }

  #double(value: number): this {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
    return this;
  }

  /** Seven bits per byte, lowest first; the highest bit is set in all bytes but the last. */
  #varint(value: number): this {
    this.#reserve(10);
    if (value < 0) {
      // A negative number is encoded as its 64-bit two's complement.
      let bits = BigInt.asUintN(64, BigInt(value));
      for (; bits >= 128n; bits >>= 7n) this.#bytes[this.#length++] = Number(bits & 127n) + 128;
      this.#bytes[this.#length++] = Number(bits);
      return this;
    }
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) + 128;
    this.#bytes[this.#length++] = rest;
    return this;
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
