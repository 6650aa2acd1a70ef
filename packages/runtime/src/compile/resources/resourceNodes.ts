import type { ProtoMessage } from "@fulmine/core/node";
import { util, type Variable } from "@tensorflow/tfjs-core";
import { attribute, DataType, graphNode } from "../tensorflow/graphNode.js";

/** A value that stays in a resource variable of the graph between calls. */
export interface ResourceValue {
  /** The node that reads the value. Feeding this node supplies the value to write. */
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
  /** The variable, or the index of the donated tensor, that has the value. */
  readonly of: Variable | number;
  /** The output of its next value, and the index of a donated tensor's result; `null` if the step does not change it. */
  readonly next: { readonly output: string; readonly result: number | null } | null;
}

/** The output to fetch in order to write the values; the nodes of all values must be fed. */
export const WRITTEN = "written:0";
/** The output to fetch in order to write the large values; their nodes must be fed. */
export const FREED = "freed:0";
/** The output to fetch in order to update the values at the end of a step. */
export const DONE = "done:0";
/** The node that ends everything that must be computed before a value is updated. */
export const READY = "ready";

/** The output that tells whether a large model's update has begun and has not ended. */
export const BEGUN = "begun:0";
const begun = { name: "begun", dtype: DataType.bool, shape: [] };

/** The bytes from which a value is large: its digest is compared, and its update is made when memory allows. */
const LARGE = 2 ** 20;

/** Whether a value is compared by its digest, because two of it at once would need too much memory. */
export function isLarge({ dtype, shape }: Pick<ResourceValue, "dtype" | "shape">): boolean {
  return dtype === DataType.float32 && 4 * util.sizeFromShape([...shape]) >= LARGE;
}

/** The node that a large value's digest is computed from, and the output to fetch for the digest. */
export function digestOf({ name }: Pick<ResourceValue, "name">): {
  readonly of: string;
  readonly output: string;
} {
  return { of: `${name}c`, output: `${name}d:0` };
}

/**
 * Makes the nodes that read, write and update resource variables.
 *
 * @param before - The outputs that a step must have computed before it updates any of them. A step that fails until then
 *   changes nothing.
 */
export function resourceNodes(values: readonly ResourceValue[], before: readonly string[]): ProtoMessage[] {
  const updated = values.flatMap((value) => (value.next === null ? [] : [{ ...value, ...value.next }]));
  const ready = new Set([...values.map(({ name }) => name), ...before.map(nodeOf)]);
  const isLong = updated.length > 0 && values.some(isLarge);
  const first = isLong ? "begins" : READY;
  const assign = (name: string, to: string, dtype: number, inputs: string[]): ProtoMessage =>
    graphNode(name, "AssignVariableOp", [handleOf(to), ...inputs], { dtype: attribute.type(dtype) });
  return [
    ...values.flatMap(({ name, dtype, shape }) => {
      const type = { dtype: attribute.type(dtype) };
      const place = { ...type, shape: attribute.shape(shape), shared_name: attribute.text(name) };
      return [
        graphNode(handleOf(name), "VarHandleOp", [], place),
        graphNode(name, "ReadVariableOp", [handleOf(name)], type),
        assign(`${name}w`, name, dtype, [name]),
      ];
    }),
    graphNode(READY, "NoOp", [...ready].map(control), {}),
    ...updated.map(({ name, dtype, output }) => assign(`${name}n`, name, dtype, [output, control(first)])),
    ...(isLong ? begunNodes(updated) : []),
    ...digestNodes(updated.filter(isLarge)),
    completion(WRITTEN, isLong ? [...values, begun] : values, "w"),
    completion(FREED, values.filter(isLarge), "w"),
    completion(DONE, isLong ? [...updated, begun] : updated, "n"),
  ];
}

/** Makes the nodes of a flag that is set before the first value is updated and reset after the last one. */
function begunNodes(updated: readonly Pick<ResourceValue, "name">[]): ProtoMessage[] {
  const { name, dtype, shape } = begun;
  const type = { dtype: attribute.type(dtype) };
  const truth = (node: string, value: number): ProtoMessage =>
    graphNode(node, "Const", [], { ...type, value: attribute.tensor(dtype, shape, Uint8Array.of(value)) });
  const assign = (node: string, inputs: string[]): ProtoMessage =>
    graphNode(node, "AssignVariableOp", [handleOf(name), ...inputs], type);
  return [
    graphNode(handleOf(name), "VarHandleOp", [], {
      ...{ ...type, shape: attribute.shape(shape), shared_name: attribute.text(name) },
    }),
    graphNode(name, "ReadVariableOp", [handleOf(name)], type),
    truth("yes", 1),
    truth("no", 0),
    assign(`${name}w`, ["no"]),
    assign("begins", ["yes", control(READY)]),
    assign(`${name}n`, ["no", ...updated.map((each) => control(`${each.name}n`))]),
  ];
}

/** Makes the nodes that compute 64-bit digests of the next values. */
function digestNodes(
  values: readonly (Pick<ResourceValue, "name" | "dtype"> & { readonly output: string })[],
): ProtoMessage[] {
  if (values.length === 0) return [];
  const row = { dtype: attribute.type(DataType.int32), value: attribute.tensor(DataType.int32, [2], ROW) };
  const method = { dtype: attribute.type(DataType.text), value: attribute.textTensor("farmhash64") };
  return [
    graphNode("row", "Const", [], row),
    graphNode("method", "Const", [], method),
    ...values.flatMap((value) => {
      const T = attribute.type(value.dtype);
      const { of, output } = digestOf(value);
      return [
        graphNode(of, "Identity", [value.output], { T }),
        graphNode(`${of}r`, "Reshape", [of, "row"], { T, Tshape: attribute.type(DataType.int32) }),
        graphNode(`${of}f`, "Fingerprint", [`${of}r`, "method"], { T }),
        graphNode(nodeOf(output), "Cast", [`${of}f`], {
          SrcT: attribute.type(DataType.uint8),
          DstT: attribute.type(DataType.int32),
        }),
      ];
    }),
  ];
}

/** The shape `[1, -1]`. */
const ROW = new Uint8Array(Int32Array.of(1, -1).buffer);

/** Makes a constant output that is available once these assignments are done. */
function completion(
  output: string,
  values: readonly Pick<ResourceValue, "name">[],
  suffix: string,
): ProtoMessage {
  const after = values.map(({ name }) => control(`${name}${suffix}`));
  return graphNode(nodeOf(output), "Const", after, {
    dtype: attribute.type(DataType.bool),
    value: attribute.tensor(DataType.bool, [], new Uint8Array(1)),
  });
}

function handleOf(name: string): string {
  return `${name}h`;
}

function nodeOf(output: string): string {
  return output.split(":")[0] as string;
}

function control(node: string): string {
  return `^${node}`;
}
