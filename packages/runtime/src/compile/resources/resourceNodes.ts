import type { ProtoMessage } from "@fulmine/core/node";
import type { Variable } from "@tensorflow/tfjs-core";
import { attribute, DataType, graphNode } from "../graph/graphNode.js";

/** A value that stays in a resource variable of the graph from call to call. */
export interface ResourceValue {
  /** The node that reads it; fed, it is what is written into it. */
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
  /** Whose value it is: a variable's, or that of the donated tensor of this number. */
  readonly of: Variable | number;
  /** The output that is its next value, and for a donated tensor which result that is; `null` where a step leaves it as it is. */
  readonly next: { readonly output: string; readonly result: number | null } | null;
}

/** The output that says that values have been written: fetched while all of them are fed. */
export const WRITTEN = "written:0";
/** The output that says that a step is done. */
export const DONE = "done:0";

/**
 * The nodes that read, write and update resource variables.
 *
 * A step renews all or none: not before everything that it computes is there, so that one that fails changes nothing.
 *
 * @param fetches - The outputs that are fetched.
 */
export function resourceNodes(values: readonly ResourceValue[], fetches: readonly string[]): ProtoMessage[] {
  const renewed = values.flatMap((value) => (value.next === null ? [] : [{ ...value, ...value.next }]));
  const computed = [...fetches, ...renewed.map(({ output }) => output)].map(nodeOf);
  const ready = new Set([...values.map(({ name }) => name), ...computed]);
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
    graphNode("ready", "NoOp", [...ready].map(control), {}),
    ...renewed.map(({ name, dtype, output }) => assign(`${name}n`, name, dtype, [output, control("ready")])),
    sign(WRITTEN, values, "w"),
    sign(DONE, renewed, "n"),
  ];
}

/** An output without meaning of its own, that is there once these assignments have been made. */
function sign(output: string, values: readonly Pick<ResourceValue, "name">[], suffix: string): ProtoMessage {
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
