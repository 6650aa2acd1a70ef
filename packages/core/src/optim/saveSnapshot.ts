import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import type { Optimizer, OptimizerSnapshot } from "./optimizer.js";
import type { OptimizerStateDict, SavedTensor } from "./optimizerStateDict.js";
import type { NamedTensors } from "./updateRule.js";

/** Turns an optimizer's snapshot into plain data and typed arrays. */
export async function saveSnapshot(
  { name, params }: Optimizer,
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
  // The cpu backend gives out the array that it works with.
  return { dtype, shape: [...shape], values: (await slot.data()).slice() };
}
