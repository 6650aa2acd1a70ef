import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { Run } from "../run/run.js";

/**
 * Moves the schedules whose turn has come, except those of a manually optimized module.
 *
 * After a step, a schedule that watches a metric has to wait for the validation that follows on the step: see
 * {@link movePendingSchedulers}. Epochs end after their validation.
 */
export function moveSchedulers<B>(run: Run<B>, ended: "step" | "epoch"): void {
  const { manual, schedulers, state } = run;
  if (manual !== null) return;
  if (ended === "step") state.isSchedulePending = schedulers.some(watchesAtSteps);
  for (const scheduler of schedulers)
    if (ended === "epoch" || !watchesAtSteps(scheduler)) move(run, scheduler, ended);
}

/** Moves the schedules that have waited for the last step's validation. */
export function movePendingSchedulers<B>(run: Run<B>): void {
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
  scheduler.stepIfDue(ended, count, state.metrics.callbackMetrics);
}
