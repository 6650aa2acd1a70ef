import { ready } from "@tensorflow/tfjs-core";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { readCheckpoint } from "../checkpoint/checkpointFile.js";
import { FulmineError } from "../errors/fulmineError.js";
import { isModule, notAModule } from "../module/isModule.js";
import type { Module } from "../module/module.js";
import { isObject, text } from "../options/validators.js";
import { Claims } from "../ownership/claims.js";
import { noFiles, type Files } from "../platform/platform.js";
import { loadWeights } from "./restoreWeights.js";
import { restoreHparams } from "./savedHparams.js";

/**
 * Loads a checkpoint into a module for inference, without a Trainer, data or optimizers: the weights, the states of stateful
 * layers, the hyperparameters, and what the module's `onLoadCheckpoint` reads. If the checkpoint does not match the module,
 * nothing changes.
 *
 * @param checkpoint - The path of a file, or a checkpoint, e.g. of `decodeCheckpoint`. A browser has no files.
 * @param files - Reads the file. @defaultValue no files
 * @returns The checkpoint.
 * @throws FulmineError `INVALID_CHECKPOINT` if it can't be read or does not match the module, `UNAVAILABLE` for a path where
 * there are no files, `INVALID_STATE` while a run uses the module, `INVALID_MODULE`, and any error of `onLoadCheckpoint`.
 * @example
 * ```ts
 * const model = new Digits({ lr: 1e-3 });
 * await loadCheckpoint(model, "checkpoints/best.ckpt");
 * ```
 */
export async function loadCheckpoint<B>(
  module: Module<object, B>,
  checkpoint: string | Checkpoint,
  files: Files = noFiles,
): Promise<Checkpoint> {
  if (!isModule(module)) throw notAModule(module, "loadCheckpoint");
  const given: unknown = checkpoint;
  if (!text().test(given) && !isObject(given)) {
    throw new FulmineError("INVALID_OPTION", "`loadCheckpoint` takes the path of a file, or a checkpoint.", {
      received: given,
      todo: 'Write e.g. await loadCheckpoint(model, "checkpoints/best.ckpt").',
    });
  }
  if (typeof checkpoint === "string" && files === noFiles) {
    throw new FulmineError("UNAVAILABLE", "`loadCheckpoint` has no access to files here.", {
      received: checkpoint,
      todo: "In a browser fetch the bytes and pass await decodeCheckpoint(bytes). In Node use loadCheckpoint from `fulmine`.",
    });
  }
  // No other run may train the module meanwhile.
  const claims = new Claims("loadCheckpoint", loadCheckpoint);
  claims.take(module, "module");
  try {
    await ready();
    const saved = await readCheckpoint(checkpoint, files);
    await loadWeights(module, saved);
    restoreHparams(module.hparams, saved.hparams);
    return saved;
  } finally {
    claims.release();
  }
}
