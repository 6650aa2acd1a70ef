import { impatient } from "./data/impatient.js";
import type { FitLimits } from "./fitLimits.js";
import { movePendingSchedulers, moveSchedulers } from "./moveSchedulers.js";
import { noBatch } from "./noBatch.js";
import type { Run } from "../run/run.js";
import { passesMultiple } from "../options/passesMultiple.js";
import { TrainStep } from "./trainStep.js";

/**
 * Trains one pass over the data, from the batch at which the state stands.
 *
 * @param validateIfPending - Scores the held-out data where it is due within the epoch.
 * @returns Whether the pass is complete, and not cut short by a limit or a wish to stop.
 * @throws {@link FulmineError} `EMPTY_DATA` when the pass has no batch.
 */
export async function trainEpoch<B>(
  run: Run<B>,
  limits: FitLimits,
  validateIfPending: () => Promise<void>,
): Promise<boolean> {
  const { hooks, state, train } = run;
  const isNew = state.phase === "starting";
  const pass = train.open(state.random, isNew ? {} : { from: state.batchIdx });
  const reader = impatient(pass, run, () => limits.isOver(run));
  state.phase = "training";
  const step = new TrainStep(run);
  let isComplete = false;
  try {
    await validateIfPending();
    while (!limits.isOver(run)) {
      const batch = await reader.next();
      if (batch === undefined) {
        isComplete = !reader.isLeft;
        break;
      }
      const { batchIdx } = state;
      // Only now is it known that the epoch's end, with its validation, does not come first.
      movePendingSchedulers(run);
      try {
        await hooks.call("onTrainBatchStart", batch.value, batchIdx);
        const { loss, steps } = await step.take(batch.value, batchIdx, batchIdx + 1 === train.length);
        // Hooks see the batch as done: what they save goes on after it.
        state.batchIdx += 1;
        state.isAccumulating = step.isAccumulating;
        state.isValidationPending = limits.isValidationDue(state);
        if (steps > 0) await afterSteps(run, limits, steps);
        await hooks.call("onTrainBatchEnd", { loss }, batch.value, batchIdx);
      } finally {
        batch.release();
      }
      await validateIfPending();
      await run.breathe();
    }
    if (state.batchIdx === 0 && !limits.isOver(run)) throw noBatch(state.currentEpoch);
    // Only a source of unknown length can leave a last, short window of gathered gradients.
    if (isComplete && step.isAccumulating) {
      await step.flush();
      await afterSteps(run, limits, 1);
    }
    return isComplete || state.batchIdx === train.length;
  } finally {
    state.isAccumulating = false;
    step.discard();
    state.metrics.discard();
    await reader.close();
  }
}

async function afterSteps<B>(run: Run<B>, limits: FitLimits, steps: number): Promise<void> {
  const { state } = run;
  const { logEveryNSteps } = limits;
  const before = state.globalStep;
  state.globalStep += steps;
  moveSchedulers(run, "step");
  if (passesMultiple(before, state.globalStep, logEveryNSteps))
    await limits.log(state.metrics.takeStepMetrics());
}
