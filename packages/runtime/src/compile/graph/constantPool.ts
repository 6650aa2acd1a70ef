import type { ProtoMessage } from "@fulmine/core/node";
import { attribute, DataType, graphNode } from "../tensorflow/graphNode.js";

/** A tensor made from JavaScript values. */
export interface Constant {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values: ArrayBufferView;
}

/** The element size, in bytes, of each type that a constant may have. */
const sizes = new Map<number, number>([
  [DataType.float32, 4],
  [DataType.int32, 4],
  [DataType.int64, 8],
  [DataType.bool, 1],
]);

/**
 * The constants of a graph.
 *
 * Float constants are fed, not stored in the graph: TensorFlow's optimizer would fold stored ones in another order, and
 * the results would differ in their last bits. A constant of equal elements, such as the zeros and ones of gradients, is
 * fed as one number that TensorFlow broadcasts. Integer and boolean constants, such as shapes and axes, are stored.
 */
export class ConstantPool {
  /** The constants to feed as `k0`, `k1`, …. */
  readonly fed: Constant[] = [];
  readonly #numbers: number[] = [];
  readonly #nodes: ProtoMessage[] = [];

  /** The numbers to feed as one vector `f`. */
  get numbers(): Float32Array {
    return Float32Array.from(this.#numbers);
  }

  /** All nodes that the constants need. */
  get nodes(): readonly ProtoMessage[] {
    const { length } = this.#numbers;
    const split = graphNode("fs", "Unpack", ["f"], {
      T: attribute.type(DataType.float32),
      num: attribute.whole(length),
      axis: attribute.whole(0),
    });
    return length === 0 ? this.#nodes : [placeholder("f", DataType.float32, [length]), split, ...this.#nodes];
  }

  /** Adds a constant and returns its name in the graph; `null` when the graph can't hold its type. */
  nameOf(made: Constant): string | null {
    const { shape, dtype, values } = made;
    const size = sizes.get(dtype);
    const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    if (size === undefined || content.length !== shape.reduce((count, each) => count * each, size))
      return null;
    if (dtype !== DataType.float32) return this.#written(dtype, shape, content);
    if (content.length === 0 || !isUniform(content, size)) {
      this.fed.push({ shape, dtype, values: Float32Array.from(values as Float32Array) });
      return this.#add(placeholder(`k${this.fed.length - 1}`, dtype, shape), `k${this.fed.length - 1}`);
    }
    const index = this.#numbers.push((values as Float32Array)[0] ?? NaN) - 1;
    const number = index === 0 ? "fs" : `fs:${index}`;
    if (shape.length === 0) return number;
    const dimensions = new Uint8Array(Int32Array.from(shape).buffer);
    const inputs = [this.#written(DataType.int32, [shape.length], dimensions), number];
    const name = `c${this.#nodes.length}`;
    const types = { T: attribute.type(dtype), index_type: attribute.type(DataType.int32) };
    return this.#add(graphNode(name, "Fill", inputs, types), name);
  }

  #written(dtype: number, shape: readonly number[], content: Uint8Array): string {
    const name = `c${this.#nodes.length}`;
    const value = attribute.tensor(dtype, shape, content);
    return this.#add(graphNode(name, "Const", [], { dtype: attribute.type(dtype), value }), name);
  }

  #add(node: ProtoMessage, name: string): string {
    this.#nodes.push(node);
    return name;
  }
}

/** Makes a node that is fed. */
export function placeholder(name: string, dtype: number, shape: readonly number[]): ProtoMessage {
  return graphNode(name, "Placeholder", [], { dtype: attribute.type(dtype), shape: attribute.shape(shape) });
}

/** Whether all elements have the same bytes. It compares the bytes with themselves, shifted by one element. */
function isUniform(content: Uint8Array, size: number): boolean {
  return Buffer.compare(content.subarray(size), content.subarray(0, content.length - size)) === 0;
}
