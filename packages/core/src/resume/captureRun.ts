import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { requireStorable } from "../checkpoint/storable.js";
import { listed } from "../errors/describe.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Callback } from "../module/callback.js";
import { layerStates, type LayerState } from "../module/layerStates.js";
import type { SavedTensor } from "../optim/optimizerState.js";
import type { Hooks } from "../run/hooks.js";
import type { Run } from "../run/run.js";
import { savedHparams, functionsAmong } from "./savedHparams.js";

/**
 * Takes down everything of a fit.
 *
 * @param run - The fit that is under way, `null` when there is none.
 * @throws {@link FulmineError} `INVALID_STATE` when there is none, or while gradients are gathered that no optimizer has
 * used yet; `INVALID_FIELD` for what a checkpoint can't hold, by its name.
 */
export async function makeCheckpoint(run: Run<unknown> | null): Promise<Checkpoint> {
  if (run === null) {
    throw new FulmineError("INVALID_STATE", "A checkpoint can be made only during a fit.", {
      todo: "Make it in a hook.",
    });
  }
  const { module, variables, optimizers, schedulers, state, train, val, hooks } = run;
  if (state.isAccumulating) {
    throw new FulmineError("INVALID_STATE", "A checkpoint can't hold gradients that are still gathered.", {
      todo: "Make it after an optimizer step: accumulateGradBatches has not yet been reached.",
    });
  }
  const { currentEpoch, batchIdx, phase, globalStep, accumulateGradBatches } = state;
  const { isValidationPending, isSchedulePending } = state;
  const checkpoint: Checkpoint = {
    version: 1,
    hparams: savedHparams(module.hparams),
    variables: await Promise.all([...variables.all, ...layerStates(module)].map(saveVariable)),
    optimizers: await Promise.all(optimizers.map((optimizer) => optimizer.stateDict())),
    schedulers: schedulers.map((scheduler) => scheduler.stateDict()),
    progress: {
      ...{ currentEpoch, batchIdx, phase, globalStep, accumulateGradBatches },
      ...{ isValidationPending, isSchedulePending },
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
  // What users store may change later, and the checkpoint must not change with it.
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

/** The callbacks that have a state, by their keys: their own, else their class and place. */
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
 * Checks before the first step of a fit that saves checkpoints that what is known by then can be stored, and says what of
 * the hyperparameters will be left out.
 *
 * @throws {@link FulmineError} `INVALID_FIELD`, naming what can't be stored.
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
