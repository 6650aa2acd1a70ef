import { impatient } from "./data/impatient.js";
import type { FitLimits } from "./fitLimits.js";
import type { Run } from "../run/run.js";
import { passesMultiple } from "../run/trainerState.js";
import { TrainStep } from "./trainStep.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import { FulmineError } from "../errors/fulmineError.js";

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
      stepPendingSchedulers(run);
      try {
        await hooks.call("onTrainBatchStart", batch.value, batchIdx);
        const { loss, steps } = await step.run(batch.value, batchIdx, batchIdx + 1 === train.length);
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
  stepSchedulers(run, "step");
  if (passesMultiple(before, state.globalStep, logEveryNSteps))
    await limits.log(state.metrics.collectStepMetrics());
}

/**
 * Moves the schedules whose turn has come, except those of a manually optimized module.
 *
 * After a step, a schedule that watches a metric has to wait for the validation that follows on the step: see
 * {@link stepPendingSchedulers}. Epochs end after their validation.
 */
export function stepSchedulers<B>(run: Run<B>, ended: "step" | "epoch"): void {
  const { manual, schedulers, state } = run;
  if (manual !== null) return;
  if (ended === "step") state.isSchedulePending = schedulers.some(watchesAtSteps);
  for (const scheduler of schedulers)
    if (ended === "epoch" || !watchesAtSteps(scheduler)) move(run, scheduler, ended);
}

/** Moves the schedules that have waited for the last step's validation. */
export function stepPendingSchedulers<B>(run: Run<B>): void {
  const { schedulers, state } = run;
  if (!state.isSchedulePending) return;
  state.isSchedulePending = false;
  for (const scheduler of schedulers.filter(watchesAtSteps)) move(run, scheduler, "step");
}

function watchesAtSteps({ interval, monitor }: LrScheduler): boolean {
  return interval === "step" && monitor !== undefined;
}

function move<B>({ state }: Run<B>, scheduler: LrScheduler, ended: "step" | "epoch"): void {
  const count = ended === "step" ? state.globalStep : state.currentEpoch;
  scheduler.moveIfDue(ended, count, state.metrics.callbackMetrics);
}

/** The error for training data without a batch, in an epoch counted from 0. */
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
