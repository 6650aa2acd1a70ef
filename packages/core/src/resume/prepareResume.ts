import type { Hooks } from "../run/hooks.js";
import type { Run } from "../run/run.js";
import type { Files } from "../platform/platform.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { loadCheckpoints } from "./loadCheckpoints.js";

/** Puts a fit where its checkpoint was made. */
export type Resume = <B>(run: Run<B>) => Promise<void>;

/**
 * Reads the checkpoint that a fit is to go on from, before anything else is done.
 *
 * @param given - The checkpoint, or its file's path.
 * @returns What puts the fit there once it has its optimizers; `null` when it begins anew.
 * @throws {@link FulmineError} `INVALID_CHECKPOINT` or `UNAVAILABLE` when it can't be read, and, where checkpoints are
 * to be saved, `INVALID_FIELD` for what none can hold.
 */
export async function prepareResume(
  hooks: Hooks,
  given: string | Checkpoint | undefined,
  files: Files,
): Promise<Resume | null> {
  const isSaving = hooks.callbacks.some(({ role }) => role === "checkpoint");
  if (given === undefined) {
    // Whoever will save must not find in the middle of the training that the code for it can't be loaded.
    if (isSaving) (await loadCheckpoints()).checkSaving(hooks);
    return null;
  }
  const { checkCheckpoint, checkSaving, readCheckpoint, restoreCheckpoint } = await loadCheckpoints();
  if (isSaving) checkSaving(hooks);
  const checkpoint = typeof given === "string" ? await readCheckpoint(given, files) : checkCheckpoint(given);
  return async (run) => {
    await hooks.call("onLoadCheckpoint", checkpoint);
    await restoreCheckpoint(run, checkpoint);
  };
}
