import { listed } from "../errors/describe.js";
import type { Hooks } from "../run/hooks.js";
import { statefulCallbacks } from "./makeCheckpoint.js";
import { functionsAmong, savedHparams } from "./savedHparams.js";
import { requireStorable } from "../checkpoint/storable.js";

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
