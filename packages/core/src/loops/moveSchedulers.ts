import type { Run } from "./run.js";

/** Moves the schedules whose turn has come, except those of a module that moves them by hand. */
export function moveSchedulers<B>({ manual, schedulers, state }: Run<B>, ended: "step" | "epoch"): void {
  if (manual !== null) return;
  const count = ended === "step" ? state.globalStep : state.currentEpoch;
  for (const scheduler of schedulers) scheduler.moveIfDue(ended, count, state.metrics.callbackMetrics);
}
