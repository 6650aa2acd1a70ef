import type { Callback } from "../module/callback.js";
import type { BatchSource } from "../data/sources/batchSource.js";
import { reasonOf } from "../errors/describe.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Run } from "../run/run.js";
import { disposeSnapshot } from "../optim/optimizerState.js";
import { learningRates } from "../optim/learningRates.js";
import { RandomState } from "../random/randomState.js";
import { checkCheckpoint } from "../checkpoint/checkCheckpoint.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { statefulCallbacks } from "./captureRun.js";
import { checkCount, matchedParts, restoreWeights } from "./restoreWeights.js";
import { restoreHparams } from "./savedHparams.js";

/**
 * Restores the state of a fit from a checkpoint. If any part does not match, nothing changes.
 *
 * @throws FulmineError `INVALID_CHECKPOINT` if the checkpoint does not match the module, its optimizers, schedules
 * or data. Errors of a callback's `loadStateDict` are passed on.
 */
export async function restoreRun<B>(run: Run<B>, checkpoint: Checkpoint): Promise<void> {
  const { module, optimizers, schedulers, state, train, val, hooks } = run;
  // `onLoadCheckpoint` may have changed it.
  checkCheckpoint(checkpoint);
  matchedParts(run, checkpoint.variables);
  checkCount("optimizer", optimizers.length, checkpoint.optimizers.length);
  checkCount("schedule", schedulers.length, checkpoint.schedulers.length);
  const undo = captureUndo(run);
  try {
    await asMismatch(async () => {
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
    undo.restore();
    throw error;
  }
  undo.discard();
  // Nothing after this can fail.
  restoreWeights(run, checkpoint);
  restoreHparams(module.hparams, checkpoint.hparams);
  const { random, metrics, ...progress } = checkpoint.progress;
  const { currentEpoch, batchIdx, phase, isValidationPending, isSchedulePending = false } = progress;
  const { globalStep, accumulateGradBatches, history = [] } = progress;
  const { epochRates = learningRates(run.optimizers) } = progress;
  Object.assign(state, { currentEpoch, batchIdx, phase, isValidationPending, isSchedulePending });
  Object.assign(state, { globalStep, accumulateGradBatches, history, epochRates });
  state.random.restore(random);
  state.metrics.restore(metrics);
}

/** Captures the state that a failed restore may already have changed. */
function captureUndo<B>({ optimizers, schedulers, train, val, hooks }: Run<B>): {
  readonly restore: () => void;
  readonly discard: () => void;
} {
  const optimizerStates = optimizers.map((optimizer) => ({ optimizer, snapshot: optimizer.snapshot() }));
  const schedulerStates = schedulers.map((scheduler) => ({ scheduler, snapshot: scheduler.snapshot() }));
  const callbackStates = statefulCallbacks(hooks.callbacks).map(([, callback]) => ({
    callback,
    state: callback.stateDict?.(),
  }));
  const sourceStates = [train, val].map((source) => ({ source, state: source?.stateDict?.() }));
  return {
    restore() {
      for (const { optimizer, snapshot } of optimizerStates) optimizer.restore(snapshot);
      for (const { scheduler, snapshot } of schedulerStates) scheduler.restore(snapshot);
      for (const { source, state } of sourceStates) if (state !== undefined) source?.loadStateDict?.(state);
      for (const { callback, state } of callbackStates) restoreCallback(callback, state);
    },
    discard() {
      for (const { snapshot } of optimizerStates) disposeSnapshot(snapshot);
    },
  };
}

/** Restores a callback's own state. If it refuses that too, its first error is the one to report. */
function restoreCallback(callback: Callback, state: unknown): void {
  try {
    callback.loadStateDict?.(state);
  } catch {
    // The callback has already refused the state of the checkpoint, and that error is thrown.
  }
}

/** Opens the interrupted pass without reading a batch, to check that the data is the same. */
async function checkPass<B>(train: BatchSource<B>, { progress: { random } }: Checkpoint): Promise<void> {
  const end = train.isolate();
  try {
    await train.open(RandomState.fromSnapshot(random), { from: Number.MAX_SAFE_INTEGER }).close();
  } finally {
    end();
  }
}

/** Turns errors of loading into `INVALID_CHECKPOINT`. */
async function asMismatch(load: () => Promise<void>): Promise<void> {
  try {
    await load();
  } catch (error) {
    throw new FulmineError("INVALID_CHECKPOINT", reasonOf(error), { cause: error });
  }
}

/** Pairs items with their saved states, of which there are equally many. */
function pairs<Item, Saved>(items: readonly Item[], saved: readonly Saved[]): [Item, Saved][] {
  return items.map((item, index) => [item, saved[index] as Saved]);
}
