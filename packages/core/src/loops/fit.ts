import type { Metrics } from "../logging/logger.js";
import type { Run } from "./run.js";
import { trainEpoch } from "./trainEpoch.js";
import { validateEpoch } from "./validateEpoch.js";

/** When fitting ends and who takes its metrics. */
export interface FitLimits {
  readonly maxEpochs: number;
  readonly maxSteps: number;
  /** After every how many steps their metrics are logged. */
  readonly logEveryNSteps: number;
  log(metrics: Metrics): Promise<void>;
}

/** How a run ended: by its own limits, by `trainer.stop()`, or by an abort signal or Ctrl-C. */
export type FitStatus = "finished" | "stopped" | "interrupted";

/** Trains epoch after epoch, with validation at each one's end, until a limit is met or somebody stops it. */
export async function fitLoop<B>(run: Run<B>, limits: FitLimits): Promise<FitStatus> {
  const { hooks, state, signal } = run;
  const isOver = (): boolean => state.shouldStop || signal.aborted || state.globalStep >= limits.maxSteps;
  await hooks.call("onTrainStart");
  while (state.currentEpoch < limits.maxEpochs && !isOver()) {
    await hooks.call("onTrainEpochStart");
    await trainEpoch(run, {
      maxSteps: limits.maxSteps,
      onStepMetrics: async (metrics) => {
        if (state.globalStep % limits.logEveryNSteps === 0) await limits.log(metrics);
      },
    });
    if (run.val !== null && !signal.aborted) await limits.log((await validateEpoch(run, run.val)).metrics);
    const metrics = state.metrics.endEpoch("train");
    await hooks.call("onTrainEpochEnd");
    await limits.log(metrics);
    if (!signal.aborted)
      for (const scheduler of run.schedulers) if (scheduler.interval === "epoch") scheduler.move();
    state.currentEpoch += 1;
  }
  await hooks.call("onTrainEnd");
  if (signal.aborted) return "interrupted";
  return state.shouldStop ? "stopped" : "finished";
}
