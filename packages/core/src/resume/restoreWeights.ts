import { tensor, util } from "@tensorflow/tfjs-core";
import { checkCheckpoint } from "../checkpoint/checkCheckpoint.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { counted } from "../errors/counted.js";
import { FulmineError } from "../errors/fulmineError.js";
import { layerStates, type LayerState } from "../module/layerStates.js";
import type { Module } from "../module/module.js";
import { findVariables, type ModuleVariables } from "../module/moduleVariables.js";
import type { SavedTensor } from "../optim/optimizerState.js";

/**
 * Loads the weights of a checkpoint into a module that is not trained, after the module's `onLoadCheckpoint`. If they do not
 * match, no weight changes.
 *
 * Callbacks are not asked: what they save is for a fit that goes on.
 *
 * @throws FulmineError `INVALID_CHECKPOINT` if the checkpoint does not match the module.
 */
export async function loadWeights(
  module: Pick<Module, "onLoadCheckpoint">,
  checkpoint: Checkpoint,
): Promise<void> {
  await module.onLoadCheckpoint?.(checkpoint);
  // The hook may have changed it.
  restoreWeights({ module }, checkCheckpoint(checkpoint));
}

/** A module, with its variables if they are known. */
interface Owner {
  readonly module: object;
  /** @defaultValue those that are found in the module */
  readonly variables?: ModuleVariables;
}

/**
 * Restores a module's variables and the states of its stateful layers from a checkpoint. If any of them does not match,
 * nothing changes.
 *
 * @throws FulmineError `INVALID_CHECKPOINT` if the checkpoint does not match the module.
 */
export function restoreWeights(owner: Owner, { variables }: Pick<Checkpoint, "variables">): void {
  for (const [part, { value }] of matchedParts(owner, variables)) assignSaved(part, value);
}

/**
 * Pairs what a checkpoint saves of a module with the saved values.
 *
 * @throws FulmineError `INVALID_CHECKPOINT` if the checkpoint does not match the module.
 */
export function matchedParts(
  owner: Owner,
  saved: Checkpoint["variables"],
): (readonly [LayerState, Checkpoint["variables"][number]])[] {
  const parts = inSavedOrder(savedParts(owner), saved);
  checkCount("variable", parts.length, saved.length);
  return saved.map((entry, index) => {
    const part = parts[index] as LayerState;
    const { shape, dtype } = entry.value;
    if (!util.arraysEqual([...shape], part.shape) || dtype !== part.dtype) {
      const here = `${part.dtype} [${(part.shape as number[]).join(", ")}]`;
      const there = `${dtype} [${shape.join(", ")}]`;
      const place = `Variable ${index} ("${part.name}")`;
      throw mismatch(`${place} is ${here} in the module and ${there} in the checkpoint.`);
    }
    return [part, entry] as const;
  });
}

/**
 * Brings parts into the order in which they were saved. Freezing or thawing a layer changes the order of a model's weights: it is
 * known by the names, if they are the saved ones. Names differ between two instances of a module, which have the same order.
 */
function inSavedOrder(parts: LayerState[], saved: Checkpoint["variables"]): LayerState[] {
  const byName = new Map(parts.map((part) => [part.name, part]));
  const names = new Set(saved.map(({ name }) => name));
  const isReordered =
    byName.size === parts.length && names.size === parts.length && saved.length === parts.length;
  const found = isReordered ? saved.flatMap(({ name }) => byName.get(name) ?? []) : [];
  return found.length === parts.length ? found : parts;
}

/** The variables and the layer states that a checkpoint saves, in order. */
export function savedParts({ module, variables = findVariables(module) }: Owner): LayerState[] {
  return [...variables.all, ...layerStates(module)];
}

/**
 * Checks that a checkpoint has as many parts of a kind as the module.
 *
 * @throws FulmineError `INVALID_CHECKPOINT` if it does not.
 */
export function checkCount(name: string, here: number, there: number): void {
  if (here !== there) throw mismatch(`The module has ${counted(here, name)}, and the checkpoint ${there}.`);
}

function assignSaved(part: LayerState, { values, shape, dtype }: SavedTensor): void {
  // A backend may keep the array that it is given, so copy it.
  const value = tensor(values.slice(), [...shape], dtype);
  part.assign(value);
  value.dispose();
}

function mismatch(problem: string): FulmineError {
  return new FulmineError("INVALID_CHECKPOINT", problem, {
    todo: "Load it into the module from which it was made.",
  });
}
