import { keep, tensor, util, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import type { Optimizer, OptimizerSnapshot } from "./optimizer.js";
import type { NamedTensors } from "./updateRule.js";

/** A tensor as plain data. */
export interface SavedTensor {
  readonly dtype: "float32" | "int32" | "bool";
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** An optimizer's whole state as plain data and typed arrays. */
export interface OptimizerStateDict {
  /** The optimizer's name. */
  readonly name: string;
  /** The groups' learning rates and settings, in order. */
  readonly groups: readonly { readonly lr: number; readonly options: object }[];
  /** The parameters of all groups, in order; the names help people, the order counts. */
  readonly params: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    /** How many steps the parameter has taken. */
    readonly step: number;
    readonly slots: Readonly<Record<string, SavedTensor>>;
  }[];
  /** What belongs to no single parameter. */
  readonly shared: Readonly<Record<string, SavedTensor>>;
}

/**
 * The snapshot that a saved state describes, for an optimizer to restore.
 *
 * @throws {@link FulmineError} `INVALID_STATE` when the state does not fit the optimizer.
 */
export function toSnapshot<Options extends object>(
  optimizer: Optimizer<Options>,
  state: OptimizerStateDict,
): OptimizerSnapshot<Options> {
  const { params, paramGroups } = optimizer;
  check(optimizer, state);
  return {
    groups: paramGroups.map((group, index) => {
      const { lr = group.lr, options = {} } = state.groups[index] ?? {};
      return { lr, options: { ...group.options, ...options } };
    }),
    states: params.map((param, index) => {
      const { step = 0, slots = {} } = state.params[index] ?? {};
      return { param, step, slots: loadAll(slots) };
    }),
    shared: loadAll(state.shared),
  };
}

function check(optimizer: Optimizer, state: OptimizerStateDict): void {
  const { name, params, paramGroups } = optimizer;
  if (state.name !== name)
    throw misfit(`is of \`${state.name}\`, and the optimizer is \`${name}\``, state.name);
  if (params.length === 0) {
    throw new FulmineError(
      "INVALID_STATE",
      `The optimizer \`${name}\` is not attached to any parameter yet.`,
      {
        todo: "Call attach(variables) before loadStateDict(state).",
      },
    );
  }
  const counts = [
    ["group", paramGroups.length, state.groups.length],
    ["parameter", params.length, state.params.length],
  ] as const;
  for (const [what, here, there] of counts)
    if (here !== there) throw misfit(`has ${there} ${what}(s), and the optimizer has ${here}`, there);
  for (const [index, param] of params.entries()) checkParam(index, param, state);
}

function checkParam(index: number, param: Variable, state: OptimizerStateDict): void {
  const saved = state.params[index];
  if (saved === undefined) return;
  const place = `parameter ${index} (\`${saved.name}\`)`;
  if (!util.arraysEqual([...saved.shape], param.shape)) {
    const shapes = `shape [${saved.shape.join(", ")}], and \`${param.name}\` here has [${param.shape.join(", ")}]`;
    throw misfit(`has ${place} of ${shapes}`, saved.shape);
  }
  for (const [slot, { shape, values }] of Object.entries(saved.slots))
    if (values.length !== util.sizeFromShape([...shape]))
      throw misfit(`is damaged: slot \`${slot}\` of ${place} has ${values.length} values`, shape);
}

function misfit(how: string, received: unknown): FulmineError {
  return new FulmineError("INVALID_STATE", `The saved optimizer state ${how}.`, {
    received,
    todo: "Load it into the module and optimizer that it was saved from.",
  });
}

function loadAll(saved: Readonly<Record<string, SavedTensor>>): NamedTensors {
  // A backend may keep the very array that it is given, so it gets one of its own.
  const load = ({ values, shape, dtype }: SavedTensor): Tensor =>
    keep(tensor(values.slice(), [...shape], dtype));
  return Object.fromEntries(Object.entries(saved).map(([name, slot]) => [name, load(slot)]));
}
