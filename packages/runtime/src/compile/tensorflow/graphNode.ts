import { ProtoMessage } from "@fulmine/core/node";
import type { NativeBinding, OpAttribute } from "./nativeBackend.js";

/** The numbers of TensorFlow's types: those of `DataType` in a graph, which the C API shares. */
export const DataType = { float32: 1, int32: 3, uint8: 4, int64: 9, text: 7, bool: 10 } as const;

/** Makes attributes of nodes: the fields of TensorFlow's `AttrValue` that are used here. */
export const attribute = {
  text: (value: string): ProtoMessage => new ProtoMessage().text(2, value),
  whole: (value: number): ProtoMessage => new ProtoMessage().whole(3, value),
  float: (value: number): ProtoMessage => new ProtoMessage().float(4, value),
  truth: (value: boolean): ProtoMessage => new ProtoMessage().whole(5, value),
  type: (value: number): ProtoMessage => new ProtoMessage().whole(6, value),
  shape: (value: readonly number[]): ProtoMessage => new ProtoMessage().message(7, shapeOf(value)),
  tensor: (dtype: number, shape: readonly number[], content: Uint8Array): ProtoMessage =>
    new ProtoMessage().message(
      8,
      new ProtoMessage().whole(1, dtype).message(2, shapeOf(shape)).bytes(4, content),
    ),
  textTensor: (value: string): ProtoMessage =>
    new ProtoMessage().message(
      8,
      new ProtoMessage().whole(1, DataType.text).message(2, shapeOf([])).text(8, value),
    ),
};

/** Makes a node, as TensorFlow's `NodeDef`. Inputs are names, with `:index` for every output after the first. */
export function graphNode(
  name: string,
  op: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, ProtoMessage>>,
): ProtoMessage {
  const node = new ProtoMessage().text(1, name).text(2, op);
  for (const input of inputs) node.text(3, input);
  for (const [key, value] of Object.entries(attributes)) {
    node.message(5, new ProtoMessage().text(1, key).message(2, value));
  }
  return node;
}

/**
 * Converts an attribute that tfjs gave to an operation.
 *
 * @returns The attribute; `null` when its kind is unknown here.
 */
export function toAttribute(binding: NativeBinding, { type, value }: OpAttribute): ProtoMessage | null {
  if (Array.isArray(value) && type !== binding.TF_ATTR_SHAPE)
    return toList(binding, type, value as unknown[]);
  switch (type) {
    case binding.TF_ATTR_STRING:
      return attribute.text(String(value));
    case binding.TF_ATTR_INT:
      return attribute.whole(Number(value));
    case binding.TF_ATTR_FLOAT:
      return attribute.float(Number(value));
    case binding.TF_ATTR_BOOL:
      return attribute.truth(Boolean(value));
    case binding.TF_ATTR_TYPE:
      return attribute.type(Number(value));
    case binding.TF_ATTR_SHAPE:
      return Array.isArray(value) ? attribute.shape(value.map(Number)) : null;
    default:
      return null;
  }
}

function toList(binding: NativeBinding, type: number, values: readonly unknown[]): ProtoMessage | null {
  const field = new Map([
    [binding.TF_ATTR_INT, 3],
    [binding.TF_ATTR_BOOL, 5],
  ]).get(type);
  return field === undefined
    ? null
    : new ProtoMessage().message(1, new ProtoMessage().wholes(field, values.map(Number)));
}

function shapeOf(dimensions: readonly number[]): ProtoMessage {
  const shape = new ProtoMessage();
  for (const size of dimensions) shape.message(2, new ProtoMessage().whole(1, size));
  return shape;
}
