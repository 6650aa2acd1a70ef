import { FulmineError } from "../fulmineError.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { TrainerState } from "../trainerState.js";

/**
 * Moves a schedule when its turn has come, with the metric that it watches.
 *
 * @param count - The number of steps or epochs, whichever the schedule counts, that are behind.
 * @throws {@link FulmineError} `INVALID_OPTION` when nobody has logged that metric.
 */
export function moveScheduler(scheduler: LrScheduler, { metrics }: TrainerState, count: number): void {
  if (count % scheduler.frequency !== 0) return;
  const { monitor } = scheduler;
  const value = monitor === undefined ? undefined : metrics.callbackMetrics[monitor];
  if (monitor === undefined || value !== undefined) {
    scheduler.move(value);
    return;
  }
  throw new FulmineError("INVALID_OPTION", `A schedule watches \`${monitor}\`, which nobody has logged.`, {
    received: Object.keys(metrics.callbackMetrics),
    todo: "Log it before the schedule moves, or watch one of those.",
  });
}
