import { keep, tensor, util, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { counted } from "../errors/counted.js";
import { FulmineError } from "../errors/fulmineError.js";
import {
  disposeSnapshot,
  type OptimizerSnapshot,
  type OptimizerStateDict,
  type SavedTensor,
  type StatefulOptimizer,
} from "./optimizerState.js";
import type { ParamGroup } from "./paramGroup.js";
import type { NamedTensors } from "./updateRule.js";

/** Reads an optimizer's snapshot into plain data and typed arrays. */
export async function saveSnapshot(
  { name, params }: Pick<StatefulOptimizer, "name" | "params">,
  { groups, states, shared }: OptimizerSnapshot,
): Promise<OptimizerStateDict> {
  const stateOf = new Map(states.map((state) => [state.param, state]));
  const saved = params.map(async (param) => {
    const { step, slots } = stateOf.get(param) ?? { step: 0, slots: {} };
    return { name: param.name, shape: [...param.shape], step, slots: await saveAll(slots) };
  });
  return { name, groups, params: await Promise.all(saved), shared: await saveAll(shared) };
}

async function saveAll(tensors: NamedTensors): Promise<Record<string, SavedTensor>> {
  const saved = Object.entries(tensors).map(async ([name, slot]) => [name, await save(slot)] as const);
  return Object.fromEntries(await Promise.all(saved));
}

async function save(slot: Tensor): Promise<SavedTensor> {
  const { dtype, shape } = slot;
  if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool")
    throw new FulmineError("INVALID_STATE", "A slot of an optimizer must hold numbers.", { received: dtype });
  // The cpu backend returns its own array, so copy it.
  return { dtype, shape: [...shape], values: (await slot.data()).slice() };
}

/**
 * Makes a snapshot of a saved state, for an optimizer to restore.
 *
 * @throws FulmineError `INVALID_STATE` if the state does not match the optimizer.
 */
export function toSnapshot<Settings extends object>(
  optimizer: StatefulOptimizer<Settings>,
  state: OptimizerStateDict,
): OptimizerSnapshot<Settings> {
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

function check<Settings extends object>(
  optimizer: StatefulOptimizer<Settings>,
  state: OptimizerStateDict,
): void {
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
  for (const [kind, here, there] of counts)
    if (here !== there) throw misfit(`has ${counted(there, kind)}, and the optimizer has ${here}`, there);
  for (const [index, group] of paramGroups.entries())
    checkSettings(group.options, state.groups[index]?.options ?? {});
  for (const [index, param] of params.entries()) checkParam(index, param, state);
  for (const group of paramGroups)
    for (const param of group.params ?? []) checkSlots(optimizer, group, state.params[params.indexOf(param)]);
  checkShared(optimizer, state.shared);
}

/** Settings of another type would train to NaN without an error. */
function checkSettings(here: object, there: object): void {
  for (const [key, saved] of Object.entries(there) as [string, unknown][]) {
    if (Object.hasOwn(here, key) && isAlike(Reflect.get(here, key), saved)) continue;
    throw misfit(`has a setting \`${key}\` that the optimizer does not take`, saved);
  }
}

function isAlike(here: unknown, there: unknown): boolean {
  if (!Array.isArray(here) || !Array.isArray(there)) return typeof here === typeof there;
  return here.length === there.length && here.every((item, index) => isAlike(item, there[index]));
}

type SavedParam = OptimizerStateDict["params"][number];

function checkSlots<Settings extends object>(
  optimizer: StatefulOptimizer<Settings>,
  group: ParamGroup<Settings>,
  { name, step, slots }: SavedParam = { name: "", shape: [], step: 0, slots: {} },
): void {
  const known = optimizer.slotNames?.(group.options);
  if (known === undefined) return;
  const names = Object.keys(slots);
  const odd = names.find((slot) => !known.names.includes(slot));
  if (odd !== undefined) throw misfit(`has a slot of \`${name}\` that the optimizer does not have`, odd);
  const missing = known.names.find((slot) => !names.includes(slot));
  if (known.areNeeded && step > 0 && missing !== undefined)
    throw misfit(`lacks the slot \`${missing}\` of \`${name}\``, names);
}

function checkShared<Settings extends object>(
  optimizer: StatefulOptimizer<Settings>,
  saved: OptimizerStateDict["shared"],
): void {
  const snapshot = optimizer.snapshot();
  disposeSnapshot(snapshot);
  const [here, there] = [Object.keys(snapshot.shared), Object.keys(saved)];
  const isSame =
    here.length === there.length &&
    here.every((name) =>
      util.arraysEqual(snapshot.shared[name]?.shape ?? [], [...(saved[name]?.shape ?? [-1])]),
    );
  if (!isSame) throw misfit("has tensors of its own that are not the optimizer's", there);
}

function checkParam(index: number, param: Variable, state: OptimizerStateDict): void {
  const saved = state.params[index];
  if (saved === undefined) return;
  const place = `parameter ${index} (\`${saved.name}\`)`;
  if (!util.arraysEqual([...saved.shape], param.shape)) {
    const shapes = `shape [${saved.shape.join(", ")}], and \`${param.name}\` here has [${param.shape.join(", ")}]`;
    throw misfit(`has ${place} of ${shapes}`, saved.shape);
  }
  for (const [slot, { shape, values }] of Object.entries(saved.slots)) {
    if (values.length !== util.sizeFromShape([...shape]))
      throw misfit(`is damaged: slot \`${slot}\` of ${place} has ${counted(values.length, "value")}`, shape);
    if (!util.arraysEqual([...shape], param.shape))
      throw misfit(`has slot \`${slot}\` of ${place} in another shape than the parameter`, shape);
  }
}

function misfit(how: string, received: unknown): FulmineError {
  return new FulmineError("INVALID_STATE", `The saved optimizer state ${how}.`, {
    received,
    todo: "Load it into the module and optimizer that it was saved from.",
  });
}

function loadAll(saved: Readonly<Record<string, SavedTensor>>): NamedTensors {
  // A backend may keep the array that it is given, so copy it.
  const load = ({ values, shape, dtype }: SavedTensor): Tensor =>
    keep(tensor(values.slice(), [...shape], dtype));
  return Object.fromEntries(Object.entries(saved).map(([name, slot]) => [name, load(slot)]));
}
