import type { FitInput, Module } from "@fulmine/core";
import { BatchSizeFinder } from "./batchSizeFinder.js";
import type { BatchSizeHost } from "./batchSizeHost.js";
import { resolveOptions, type FindBatchSizeOptions } from "./findBatchSizeOptions.js";
import { growBatch } from "./growBatch.js";
import { measureTrial, type Measured } from "./measureTrial.js";
import { sizedData } from "./sizedData.js";

/**
 * Searches the batch size: doubles it until memory or speed says stop, in isolation, so that all state is as before.
 *
 * @param host - The Trainer.
 * @param data - The training data: a loader with `withBatchSize`, or dataloaders that read the hyperparameter; left out,
 * the module's own dataloaders.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, `INVALID_FIELD`, `INVALID_DATA` if the data ignores the batch
 * size, `ABORTED`, and whatever a step or the data throws, except running out of memory.
 */
export async function findBatchSize<B>(
  host: Pick<BatchSizeHost, "accumulateGradBatches" | "isolated" | "trainingOf">,
  module: Module<object, B>,
  data?: FitInput<B>,
  options: FindBatchSizeOptions = {},
): Promise<BatchSizeFinder> {
  const resolved = resolveOptions(options);
  const { field, stepsPerTrial, signal } = resolved;
  const sized = sizedData(module, data, field, host.trainingOf(module) !== null);
  const measure = async (batchSize: number): Promise<Measured | null> => {
    try {
      return await host.isolated(
        module,
        sized.withBatchSize(batchSize),
        (trial) => measureTrial(trial, batchSize, stepsPerTrial, host.accumulateGradBatches),
        { name: "findBatchSize", ...(signal === undefined ? {} : { signal }) },
      );
    } catch (error) {
      if (isOutOfMemory(error)) return null;
      throw error;
    }
  };
  try {
    const { trials, reason } = await growBatch(measure, resolved);
    return new BatchSizeFinder(trials, reason, resolved.tolerance);
  } finally {
    sized.restore();
  }
}

/** TensorFlow and WebGL have no error class for this; the texts are those of libtensorflow, wasm, V8 and tfjs's WebGL. */
function isOutOfMemory(error: unknown): boolean {
  const text = error instanceof Error ? error.message : String(error);
  return /\bOOM\b|out of memory|resource exhausted|failed to allocate|allocation failed|could not allocate|invalid typed array length|greater than WebGL maximum|unable to create WebGLTexture/i.test(
    text,
  );
}
