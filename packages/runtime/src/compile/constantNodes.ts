import { attribute, DataType, graphNode } from "./graphNode.js";
import type { ProtoBytes } from "./protoBytes.js";

/** A tensor that was made of values in JavaScript. */
export interface MadeTensor {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values: ArrayBufferView;
}

/** The bytes of one element of each type that a constant may have. */
const sizes = new Map<number, number>([
  [DataType.float32, 4],
  [DataType.int32, 4],
  [DataType.int64, 8],
  [DataType.bool, 1],
]);

/** Up to here a constant is written out even when all its elements are equal. */
const SMALL = 16;

/**
 * The nodes of a constant, the last of which has the given name; large ones of equal elements, such as the zeros and ones
 * of gradients, are filled by TensorFlow and take no room in the graph.
 *
 * @returns `null` when its type can't be written.
 */
export function constantNodes(name: string, { shape, dtype, values }: MadeTensor): ProtoBytes[] | null {
  const size = sizes.get(dtype);
  const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (size === undefined || content.length !== count * size) return null;
  if (count <= SMALL || !isUniform(content, size)) return [constant(name, dtype, shape, content)];
  const dimensions = new Uint8Array(Int32Array.from(shape).buffer);
  return [
    constant(`${name}d`, DataType.int32, [shape.length], dimensions),
    constant(`${name}v`, dtype, [], content.subarray(0, size)),
    graphNode(name, "Fill", [`${name}d`, `${name}v`], {
      T: attribute.type(dtype),
      index_type: attribute.type(DataType.int32),
    }),
  ];
}

function constant(name: string, dtype: number, shape: readonly number[], content: Uint8Array): ProtoBytes {
  return graphNode(name, "Const", [], {
    dtype: attribute.type(dtype),
    value: attribute.tensor(dtype, shape, content),
  });
}

/** Whether all elements have the same bytes: bytes that equal those one element on repeat from the first. */
function isUniform(content: Uint8Array, size: number): boolean {
  return Buffer.compare(content.subarray(size), content.subarray(0, content.length - size)) === 0;
}
