import { FulmineError } from "../fulmineError.js";
import type { Metrics } from "../logging/logger.js";
import type { Run } from "./run.js";
import { TrainStep } from "./trainStep.js";

/** When an epoch ends early and who hears of its steps. */
export interface EpochLimits {
  /** The number of optimizer steps after which the run is over. */
  readonly maxSteps: number;
  /** Takes each step's metrics. */
  onStepMetrics(metrics: Metrics): Promise<void>;
}

/**
 * Trains one pass over the data.
 *
 * @throws {@link FulmineError} `EMPTY_DATA` when the pass has no batch.
 */
export async function trainEpoch<B>(run: Run<B>, limits: EpochLimits): Promise<void> {
  const { hooks, state, signal, train } = run;
  const reader = train.open(state.random);
  const step = new TrainStep(run);
  let batchIdx = 0;
  try {
    while (!state.shouldStop && !signal.aborted && state.globalStep < limits.maxSteps) {
      const batch = await reader.next();
      if (batch === undefined) break;
      try {
        await hooks.call("onTrainBatchStart", batch.value, batchIdx);
        const { loss, stepped } = await step.take(batch.value, batchIdx, batchIdx + 1 === train.length);
        if (stepped) await afterStep(run, limits);
        await hooks.call("onTrainBatchEnd", { loss }, batch.value, batchIdx);
      } finally {
        batch.release();
      }
      batchIdx += 1;
      await run.breathe();
    }
    if (batchIdx === 0 && !signal.aborted && !state.shouldStop) throw noBatch(state.currentEpoch);
    // Only a source of unknown length can leave a last, short window of gathered gradients.
    if (batchIdx % run.accumulateGradBatches !== 0 && train.length === null) {
      await step.flush();
      await afterStep(run, limits);
    }
  } finally {
    step.discard();
    state.metrics.discard();
    await reader.close();
  }
}

async function afterStep<B>({ state, schedulers }: Run<B>, limits: EpochLimits): Promise<void> {
  state.globalStep += 1;
  for (const scheduler of schedulers) if (scheduler.interval === "step") scheduler.move();
  await limits.onStepMetrics(state.metrics.takeStepMetrics());
}

function noBatch(epoch: number): FulmineError {
  if (epoch === 0) {
    return new FulmineError("EMPTY_DATA", "`train` gave no batch.", {
      todo: "Check the data source: it ended at once.",
    });
  }
  return new FulmineError(
    "EMPTY_DATA",
    `\`train\` gave no batch in epoch ${epoch}: it can be read only once.`,
    {
      todo: "Pass a DataLoader or an object whose [Symbol.asyncIterator]() starts anew, or set maxEpochs: 1.",
    },
  );
}
