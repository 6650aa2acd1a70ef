import { impatient } from "./data/impatient.js";
import type { FitLimits } from "./fitLimits.js";
import type { Run } from "../run/run.js";
import { passesMultiple } from "../run/trainerState.js";
import { TrainStep } from "./trainStep.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import { FulmineError } from "../errors/fulmineError.js";

/**
 * Trains on one pass over the data, starting at the state's current batch.
 *
 * @param validateIfPending - Runs the validation if one is due within the epoch.
 * @returns Whether the pass is complete; `false` if a limit or a stop ended it early.
 * @throws FulmineError `EMPTY_DATA` when the pass has no batch.
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
      // Schedules wait until here, because the epoch's validation comes first if there is no further batch.
      stepPendingSchedulers(run);
      try {
        await hooks.call("onTrainBatchStart", batch.value, batchIdx);
        const { loss, steps } = await step.run(batch.value, batchIdx, batchIdx + 1 === train.length);
        // Hooks see the batch as completed, so that a checkpoint continues after it.
        state.batchIdx += 1;
        state.isAccumulating = step.isAccumulating;
        state.isValidationPending = limits.isValidationDue(state);
        if (steps > 0) await afterSteps(run, limits, steps);
        await hooks.call("onTrainBatchEnd", { loss, steps }, batch.value, batchIdx);
      } finally {
        batch.release();
      }
      await validateIfPending();
      await run.breathe();
    }
    if (state.batchIdx === 0 && !limits.isOver(run)) throw noBatch(state.currentEpoch);
    // Only a source of unknown length can end before enough batches are accumulated.
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
  stepSchedulers(run, "step");
  if (passesMultiple(before, state.globalStep, logEveryNSteps))
    await limits.log(state.metrics.collectStepMetrics());
}

/**
 * Steps the schedules that are due, except those of a manually optimized module.
 *
 * After an optimizer step, schedules that monitor a metric wait for the validation that may follow; see
 * {@link stepPendingSchedulers}. Epochs end after their validation.
 */
export function stepSchedulers<B>(run: Run<B>, ended: "step" | "epoch"): void {
  const { isManual, schedulers, state } = run;
  if (isManual) return;
  if (ended === "step") state.isSchedulePending = schedulers.some(monitorsPerStep);
  for (const scheduler of schedulers)
    if (ended === "epoch" || !monitorsPerStep(scheduler)) stepIfDue(run, scheduler, ended);
}

/** Steps the schedules that waited for the validation after the last optimizer step. */
export function stepPendingSchedulers<B>(run: Run<B>): void {
  const { schedulers, state } = run;
  if (!state.isSchedulePending) return;
  state.isSchedulePending = false;
  for (const scheduler of schedulers.filter(monitorsPerStep)) stepIfDue(run, scheduler, "step");
}

function monitorsPerStep({ interval, monitor }: LrScheduler): boolean {
  return interval === "step" && monitor !== undefined;
}

function stepIfDue<B>({ state }: Run<B>, scheduler: LrScheduler, ended: "step" | "epoch"): void {
  const count = ended === "step" ? state.globalStep : state.currentEpoch;
  scheduler.stepIfDue(ended, count, state.metrics.callbackMetrics);
}

/** The error for training data that has no batch in an epoch; epochs count from 0. */
export function noBatch(epoch: number): FulmineError {
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
