import type { Checkpoint } from "../checkpoint/checkpoint.js";
import type { Files } from "../platform/platform.js";
import type { Hooks } from "../run/hooks.js";
import type { Run } from "../run/run.js";

/** A checkpoint from which a fit resumes. */
export interface Resume {
  readonly checkpoint: Checkpoint;
  /** Restores the state, once the fit has its optimizers. */
  restore<B>(run: Run<B>): Promise<void>;
}

/**
 * Reads the checkpoint from which a fit resumes, before the fit starts.
 *
 * @param checkpoint - The checkpoint or the path of its file.
 * @returns `null` if the fit starts anew.
 * @throws FulmineError `INVALID_CHECKPOINT` or `UNAVAILABLE` if the checkpoint can't be read. For a fit that saves
 * checkpoints, also `INVALID_FIELD`, naming a value that they can't store.
 */
export async function prepareResume(
  hooks: Hooks,
  checkpoint: string | Checkpoint | undefined,
  files: Files,
): Promise<Resume | null> {
  const isSaving = hooks.callbacks.some(({ role }) => role === "checkpoint");
  if (!isSaving && checkpoint === undefined) return null;
  // Also loads all code that saving needs: a network failure must not interrupt the training later.
  const { readCheckpoint } = await import("../checkpoint/checkpointFile.js");
  const { checkSaving } = await import("./captureRun.js");
  if (isSaving) checkSaving(hooks);
  if (checkpoint === undefined) return null;
  const { restoreRun } = await import("./restoreRun.js");
  const saved = await readCheckpoint(checkpoint, files);
  return {
    checkpoint: saved,
    async restore(run) {
      await hooks.call("onLoadCheckpoint", saved);
      await restoreRun(run, saved);
    },
  };
}
