import { dispose, tidy } from "@tensorflow/tfjs-core";
import { batchSizeOf } from "../batch.js";
import { FulmineError } from "../fulmineError.js";
import { withMathRandom } from "../random/seeded.js";
import { lossOf } from "./lossOf.js";
import type { BatchSource } from "../data/batchSource.js";
import type { Metrics } from "../logging/logger.js";
import type { Run } from "./run.js";

/** What came of a pass over held-out data. */
export interface ValidationResult {
  /** The means of what `validationStep` logged. */
  readonly metrics: Metrics;
  /** The mean of the losses that it returned, weighted by batch size; NaN when it returned none. */
  readonly loss: number;
}

/**
 * Scores one pass over held-out data.
 *
 * @throws {@link FulmineError} `EMPTY_DATA` when the pass has no batch.
 */
export async function validateEpoch<B>(run: Run<B>, data: BatchSource<B>): Promise<ValidationResult> {
  const { hooks, state, signal } = run;
  await hooks.call("onValidationStart");
  await hooks.call("onValidationEpochStart");
  const reader = data.open(state.random);
  let batchIdx = 0;
  let sum = 0;
  let weight = 0;
  try {
    while (!signal.aborted) {
      const batch = await reader.next();
      if (batch === undefined) break;
      try {
        await hooks.call("onValidationBatchStart", batch.value, batchIdx);
        const size = batchSizeOf(batch.value);
        sum += size * (await scoreBatch(run, batch.value, batchIdx, size));
        weight += size;
        await hooks.call("onValidationBatchEnd", batch.value, batchIdx);
      } finally {
        batch.release();
      }
      batchIdx += 1;
      await run.breathe();
    }
    if (batchIdx === 0 && !signal.aborted) {
      throw new FulmineError("EMPTY_DATA", "`val` gave no batch.", {
        todo: "Check the data source: it ended at once.",
      });
    }
  } finally {
    state.metrics.discard();
    await reader.close();
  }
  const metrics = state.metrics.endEpoch("validate");
  await hooks.call("onValidationEpochEnd");
  await hooks.call("onValidationEnd");
  return { metrics, loss: sum / weight };
}

async function scoreBatch<B>(run: Run<B>, batch: B, batchIdx: number, size: number): Promise<number> {
  const { module, state } = run;
  state.metrics.beginStep("validate", size);
  const losses = tidy(() => {
    const output: unknown = withMathRandom(state.random, () => module.validationStep?.(batch, batchIdx));
    return output === undefined ? [] : [lossOf(output, "validationStep").clone()];
  });
  const value = (await losses[0]?.data())?.[0] ?? NaN;
  dispose(losses);
  await state.metrics.settle();
  return value;
}
