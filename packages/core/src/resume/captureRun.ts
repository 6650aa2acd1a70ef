import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { requireStorable } from "../checkpoint/storable.js";
import { listed } from "../errors/describe.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Callback } from "../module/callback.js";
import type { LayerState } from "../module/layerStates.js";
import type { SavedTensor } from "../optim/optimizerState.js";
import type { Hooks } from "../run/hooks.js";
import type { Run } from "../run/run.js";
import { savedParts } from "./restoreWeights.js";
import { functionsAmong, savedHparams } from "./savedHparams.js";

/**
 * Captures the complete state of a fit.
 *
 * @param run - The current fit.
 * @throws FulmineError `INVALID_STATE` if there is none, or while gradients are being accumulated; `INVALID_FIELD`,
 * naming a value that a checkpoint can't store.
 */
export async function captureRun(run: Run<unknown> | null): Promise<Checkpoint> {
  if (run === null) {
    throw new FulmineError("INVALID_STATE", "A checkpoint can be made only during a fit.", {
      todo: "Make it in a hook.",
    });
  }
  const { module, optimizers, schedulers, state, train, val, hooks } = run;
  if (state.isAccumulating) {
    throw new FulmineError(
      "INVALID_STATE",
      "A checkpoint can't be made while gradients are being accumulated.",
      {
        todo: "Make it after an optimizer step, i.e. after `accumulateGradBatches` batches.",
      },
    );
  }
  const { currentEpoch, batchIdx, phase, globalStep, accumulateGradBatches } = state;
  const { isValidationPending, isSchedulePending, history, epochRates } = state;
  const checkpoint: Checkpoint = {
    version: 1,
    hparams: savedHparams(module.hparams),
    variables: await Promise.all(savedParts(run).map(saveVariable)),
    optimizers: await Promise.all(optimizers.map((optimizer) => optimizer.stateDict())),
    schedulers: schedulers.map((scheduler) => scheduler.stateDict()),
    progress: {
      ...{ currentEpoch, batchIdx, phase, globalStep, accumulateGradBatches },
      ...{ isValidationPending, isSchedulePending, epochRates },
      history: structuredClone(history),
      random: state.random.snapshot(),
      metrics: state.metrics.snapshot(),
    },
    train: train.stateDict?.() ?? null,
    val: val?.stateDict?.() ?? null,
    callbacks: Object.fromEntries(
      statefulCallbacks(hooks.callbacks).map(([key, callback]) => [key, callback.stateDict?.()]),
    ),
    extra: {},
  };
  await hooks.call("onSaveCheckpoint", checkpoint);
  const { callbacks, extra } = checkpoint;
  // Users may change this data later, so copy it.
  return { ...checkpoint, callbacks: copied(callbacks, "callbacks"), extra: copied(extra, "extra") };
}

function copied<T extends object>(data: T, path: string): T {
  requireStorable(data, path);
  return structuredClone(data);
}

async function saveVariable(variable: LayerState): Promise<{ name: string; value: SavedTensor }> {
  const { name, shape, dtype } = variable;
  const values = (await variable.data()).slice();
  return { name, value: { dtype: dtype as SavedTensor["dtype"], shape: [...(shape as number[])], values } };
}

/** The callbacks that have a state, with their keys: `stateKey`, or else their class name and index. */
export function statefulCallbacks(
  callbacks: readonly Callback[],
): (readonly [key: string, callback: Callback])[] {
  return callbacks.flatMap((callback, index) =>
    callback.stateDict === undefined
      ? []
      : [[callback.stateKey ?? `${callback.constructor.name} ${index}`, callback] as const],
  );
}

/**
 * Checks before a fit that its checkpoints can store the hyperparameters and the callbacks' states. Warns about
 * hyperparameters that they will omit.
 *
 * @throws FulmineError `INVALID_FIELD`, naming a value that can't be stored.
 */
export function checkSaving({ owners: { trainer, module }, callbacks }: Hooks): void {
  savedHparams(module.hparams);
  for (const [key, callback] of statefulCallbacks(callbacks))
    requireStorable(callback.stateDict?.(), `callbacks.${key}`);
  const functions = functionsAmong(module.hparams);
  if (functions.length === 0) return;
  trainer.display.warn(
    `Checkpoints leave out ${listed(functions)}: a function can't be stored. A resumed run uses its own module's.`,
  );
}
