import { batchSizeOf } from "../tensors/batch.js";
import type { BatchReader } from "../data/sources/batchSource.js";
import { limited } from "../loops/data/limitBatches.js";
import { impatient } from "../loops/data/impatient.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Trial } from "../module/trial.js";
import { checkOptions } from "../options/checkOptions.js";
import { count, optional } from "../options/validators.js";
import type { Run } from "../run/run.js";
import { noBatch } from "../loops/trainEpoch.js";
import { TrainStep } from "../loops/trainStep.js";
import { evaluate } from "../loops/evaluate.js";

/** Runs a trial within another trial of the same run. */
type Branch = Trial["branch"];

/**
 * Makes the trial of a run.
 *
 * @param branch - Runs a trial within it.
 * @returns The trial, and `close`, which frees the state that its last step left.
 */
export function makeTrial<B>(
  run: Run<B>,
  branch: Branch,
): { readonly trial: Trial; readonly close: () => Promise<void> } {
  const { state, signal, train } = run;
  const step = new TrainStep(run);
  let reader: BatchReader<B> | null = null;
  let batchIdx = 0;
  let examples = 0;

  const throwIfAborted = (): void => {
    if (signal.aborted) {
      throw new FulmineError("ABORTED", "The search was stopped before it ended; everything is as it was.", {
        cause: signal.reason,
      });
    }
  };

  const nextBatch = async () => {
    const batch = await reader?.next();
    if (batch !== undefined) return batch;
    throwIfAborted();
    await reader?.close();
    reader = impatient(train.open(state.random), run, () => signal.aborted);
    batchIdx = 0;
    const first = await reader.next();
    if (first !== undefined) return first;
    throwIfAborted();
    throw noBatch(0);
  };

  const trial: Trial = {
    optimizers: run.optimizers,
    get examples() {
      return examples;
    },
    hasValidation: run.val !== null,
    async step() {
      let sum = 0;
      examples = 0;
      for (let taken = 0; taken < state.accumulateGradBatches; taken++) {
        throwIfAborted();
        const batch = await nextBatch();
        try {
          await run.hooks.call("onTrainBatchStart", batch.value, batchIdx);
          const { loss, steps } = await step.run(batch.value, batchIdx, false);
          await run.hooks.call("onTrainBatchEnd", { loss, steps }, batch.value, batchIdx);
          sum += loss;
          examples += batchSizeOf(batch.value);
        } finally {
          batch.release();
        }
        batchIdx += 1;
        await run.breathe();
      }
      state.globalStep += 1;
      return sum / state.accumulateGradBatches;
    },
    schedules: run.schedules,
    async validate(options = {}) {
      checkOptions(options, { limit: optional(count) }, "validate");
      throwIfAborted();
      if (run.val === null)
        throw new FulmineError("INVALID_DATA", "There is no `val` data to score.", {
          todo: "Pass { train, val }.",
        });
      const { loss, metrics } = await evaluate(run, limited(run.val, options.limit, "limit"), "validate");
      throwIfAborted();
      const score = loss ?? metrics["val_loss"] ?? metrics["val_loss_epoch"];
      if (score !== undefined) return score;
      throw new FulmineError("INVALID_STEP", "`validationStep` returned no loss and logged no `val_loss`.", {
        received: metrics,
        todo: 'Return the loss from it, or log it: this.log("val_loss", loss).',
      });
    },
    branch,
  };

  return {
    trial,
    async close() {
      step.discard();
      state.metrics.discard();
      await reader?.close();
    },
  };
}
