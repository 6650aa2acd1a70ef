import { loadCheckpoint as load, type Checkpoint, type Module } from "@fulmine/core";
import { platform } from "#platform";

/**
 * Loads a checkpoint into a module for inference, without a Trainer, data or optimizers: the weights, the states of stateful
 * layers, the hyperparameters, and what the module's `onLoadCheckpoint` reads. If the checkpoint does not match the module,
 * nothing changes.
 *
 * @param checkpoint - The path of a file, in Node; or a checkpoint, e.g. of `decodeCheckpoint`.
 * @returns The checkpoint.
 * @throws FulmineError `INVALID_CHECKPOINT` if it can't be read or does not match the module, `UNAVAILABLE` for a path in a
 * browser, `INVALID_STATE` while a run uses the module, `INVALID_MODULE`, and any error of `onLoadCheckpoint`.
 * @example
 * ```ts
 * const model = new Digits({ lr: 1e-3 });
 * await loadCheckpoint(model, "checkpoints/best.ckpt");
 * ```
 */
export function loadCheckpoint<B>(
  module: Module<object, B>,
  checkpoint: string | Checkpoint,
): Promise<Checkpoint> {
  return load(module, checkpoint, platform.files);
}
