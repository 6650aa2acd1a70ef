/// <reference types="node" />

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * A protobuf message in the making, field by field.
 *
 * Wire format: https://protobuf.dev/programming-guides/encoding/
 *
 * @example
 * ```ts
 * new ProtoMessage().text(1, "loss").float(2, 0.5).encode();
 * ```
 */
export class ProtoMessage {
  readonly #parts: Uint8Array[] = [];

  /** Adds a whole number ≥ 0, an enum's value or a boolean. */
  whole(field: number, value: number | boolean): this {
    return this.#add(field, VARINT, varint(Number(value)));
  }

  /** Adds a double. */
  double(field: number, value: number): this {
    return this.#add(field, FIXED64, doubles([value]));
  }

  /** Adds a float. */
  float(field: number, value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return this.#add(field, FIXED32, bytes);
  }

  /** Adds a repeated field of doubles, packed. */
  doubles(field: number, values: readonly number[]): this {
    return this.#sized(field, doubles(values));
  }

  /** Adds a text, or bytes that hold one. */
  text(field: number, value: string): this {
    return this.#sized(field, Buffer.from(value));
  }

  /** Adds a message within this one. */
  message(field: number, value: ProtoMessage): this {
    return this.#sized(field, value.encode());
  }

  /** The message's bytes. */
  encode(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  #sized(field: number, bytes: Uint8Array): this {
    return this.#add(field, BYTES, varint(bytes.length), bytes);
  }

  #add(field: number, wireType: number, ...parts: Uint8Array[]): this {
    this.#parts.push(varint(field * 8 + wireType), ...parts);
    return this;
  }
}

/** Seven bits a byte, the lowest first; all but the last byte have the highest bit set. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}

function doubles(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, at) => bytes.writeDoubleLE(value, at * 8));
  return bytes;
}
