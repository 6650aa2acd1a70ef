import type { ProtoMessage } from "@fulmine/core/node";
import type { Variable } from "@tensorflow/tfjs-core";
import { attribute, DataType, graphNode } from "../graph/graphNode.js";

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
/** The output to fetch in order to update the values at the end of a step. */
export const DONE = "done:0";

/**
 * Makes the nodes that read, write and update resource variables.
 *
 * A step updates the variables only after it has computed everything, so a step that fails changes nothing.
 *
 * @param fetches - The outputs that the step fetches.
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

/** Makes a constant output that is available once these assignments are done. */
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
