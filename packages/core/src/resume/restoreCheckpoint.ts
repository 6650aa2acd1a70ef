import { tensor, util } from "@tensorflow/tfjs-core";
import type { Callback } from "../module/callback.js";
import type { BatchSource } from "../data/batchSource.js";
import { FulmineError } from "../errors/fulmineError.js";
import { layerStates, type LayerState } from "../module/layerStates.js";
import type { Run } from "../run/run.js";
import { disposeSnapshot, type SavedTensor } from "../optim/optimizerState.js";
import { RandomState } from "../random/randomState.js";
import { checkCheckpoint } from "../checkpoint/checkCheckpoint.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { statefulCallbacks } from "./makeCheckpoint.js";
import { restoreHparams } from "./savedHparams.js";

/**
 * Puts a fit where a checkpoint was made. When something of it does not fit, everything is as it was before, so that a
 * module is never left half-loaded.
 *
 * @throws {@link FulmineError} `INVALID_CHECKPOINT` when it is not of this module, its optimizers, schedules or data, and
 * whatever a callback's `loadStateDict` throws.
 */
export async function restoreCheckpoint<B>(run: Run<B>, checkpoint: Checkpoint): Promise<void> {
  const { module, optimizers, schedulers, state, train, val, hooks } = run;
  // A hook may have changed it since it was read.
  checkCheckpoint(checkpoint);
  checkVariables(run, checkpoint);
  checkCount("optimizers", optimizers.length, checkpoint.optimizers.length);
  checkCount("schedules", schedulers.length, checkpoint.schedulers.length);
  const undo = remember(run);
  try {
    await fitting(async () => {
      for (const [optimizer, saved] of pairs(optimizers, checkpoint.optimizers))
        await optimizer.loadStateDict(saved);
      for (const [scheduler, saved] of pairs(schedulers, checkpoint.schedulers))
        scheduler.loadStateDict(saved);
      if (checkpoint.train !== null) {
        train.loadStateDict?.(checkpoint.train);
        if (checkpoint.progress.phase === "training") await checkPass(train, checkpoint);
        train.loadStateDict?.(checkpoint.train);
      }
      if (checkpoint.val !== null) val?.loadStateDict?.(checkpoint.val);
    });
    for (const [key, callback] of statefulCallbacks(hooks.callbacks))
      if (Object.hasOwn(checkpoint.callbacks, key)) callback.loadStateDict?.(checkpoint.callbacks[key]);
  } catch (error) {
    undo.putBack();
    throw error;
  }
  undo.forget();
  // Nothing from here on can fail.
  for (const [variable, { value }] of pairs(savedParts(run), checkpoint.variables))
    restoreVariable(variable, value);
  restoreHparams(module.hparams, checkpoint.hparams);
  const { random, metrics, ...progress } = checkpoint.progress;
  const { currentEpoch, batchIdx, phase, isValidationPending, globalStep, accumulateGradBatches } = progress;
  const { isSchedulePending = false } = progress;
  Object.assign(state, {
    currentEpoch,
    batchIdx,
    phase,
    isValidationPending,
    isSchedulePending,
    globalStep,
    accumulateGradBatches,
  });
  state.random.restore(random);
  state.metrics.restore(metrics);
}

/** Remembers what may already be changed when something turns out not to fit. */
function remember<B>({ optimizers, schedulers, train, val, hooks }: Run<B>): {
  readonly putBack: () => void;
  readonly forget: () => void;
} {
  const held = optimizers.map((optimizer) => ({ optimizer, snapshot: optimizer.snapshot() }));
  const moved = schedulers.map((scheduler) => ({ scheduler, snapshot: scheduler.snapshot() }));
  const told = statefulCallbacks(hooks.callbacks).map(([, callback]) => ({
    callback,
    state: callback.stateDict?.(),
  }));
  const sources = [train, val].map((source) => ({ source, state: source?.stateDict?.() }));
  return {
    putBack() {
      for (const { optimizer, snapshot } of held) optimizer.restore(snapshot);
      for (const { scheduler, snapshot } of moved) scheduler.restore(snapshot);
      for (const { source, state } of sources) if (state !== undefined) source?.loadStateDict?.(state);
      for (const { callback, state } of told) putBackCallback(callback, state);
    },
    forget() {
      for (const { snapshot } of held) disposeSnapshot(snapshot);
    },
  };
}

/** Of a callback that refuses even its own state the first refusal is the one to know. */
function putBackCallback(callback: Callback, state: unknown): void {
  try {
    callback.loadStateDict?.(state);
  } catch {
    // It has refused the checkpoint's state already, and that is being told.
  }
}

/** Opens the pass that is to be gone on with, without reading a batch, to see that it is of the same data. */
async function checkPass<B>(train: BatchSource<B>, { progress: { random } }: Checkpoint): Promise<void> {
  const end = train.isolate();
  try {
    await train.open(RandomState.fromSnapshot(random), { from: Number.MAX_SAFE_INTEGER }).close();
  } finally {
    end();
  }
}

/** Loads parts that say by themselves when they do not fit. */
async function fitting(load: () => Promise<void>): Promise<void> {
  try {
    await load();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new FulmineError("INVALID_CHECKPOINT", problem, { cause: error });
  }
}

/** What a checkpoint saves as variables, in its order. */
function savedParts<B>({ module, variables }: Run<B>): LayerState[] {
  return [...variables.all, ...layerStates(module)];
}

function restoreVariable(variable: LayerState, { values, shape, dtype }: SavedTensor): void {
  // A backend may keep the very array that it is given, so it gets one of its own.
  const value = tensor(values.slice(), [...shape], dtype);
  variable.assign(value);
  value.dispose();
}

function checkVariables<B>(run: Run<B>, checkpoint: Checkpoint): void {
  const parts = savedParts(run);
  checkCount("variables", parts.length, checkpoint.variables.length);
  for (const [index, [variable, saved]] of pairs(parts, checkpoint.variables).entries()) {
    const { shape, dtype } = saved.value;
    const place = `Variable ${index} ("${variable.name}")`;
    if (util.arraysEqual([...shape], variable.shape) && dtype === variable.dtype) continue;
    const here = `${variable.dtype} [${(variable.shape as number[]).join(", ")}]`;
    const there = `${dtype} [${shape.join(", ")}]`;
    throw misfit(`${place} is ${here} in the module and ${there} in the checkpoint.`);
  }
}

function checkCount(what: string, here: number, there: number): void {
  if (here !== there) throw misfit(`The module has ${here} ${what}, and the checkpoint ${there}.`);
}

function misfit(problem: string): FulmineError {
  return new FulmineError("INVALID_CHECKPOINT", problem, {
    todo: "Load it into the module that it was made of.",
  });
}

/** Things and what was saved of them, which are equally many. */
function pairs<Thing, Saved>(things: readonly Thing[], saved: readonly Saved[]): [Thing, Saved][] {
  return things.map((thing, index) => [thing, saved[index] as Saved]);
}
