import { MetricStore } from "../logging/metricStore.js";
import { evaluate } from "./evaluate.js";
import type { FitLimits } from "./fitLimits.js";
import { moveScheduler } from "./moveScheduler.js";
import { limitSource } from "./limitSource.js";
import type { Run } from "./run.js";
import { trainEpoch } from "./trainEpoch.js";

/** How a run ended: by its own limits, by `trainer.stop()`, or by an abort signal or Ctrl-C. */
export type FitStatus = "finished" | "stopped" | "interrupted";

/**
 * Trains epoch after epoch, with validation, until a limit is met or somebody stops it. It begins where the state stands,
 * which is in the middle of an epoch when a checkpoint was taken there.
 */
export async function fitLoop<B>(run: Run<B>, limits: FitLimits): Promise<FitStatus> {
  const { hooks, state, signal } = run;
  const isOver = (): boolean =>
    limits.isStopped(state) || signal.aborted || state.globalStep >= limits.maxSteps;
  await checkSanity(run, limits.sanitySteps);
  await hooks.call("onTrainStart");
  if (state.phase === "ended") endEpoch(run);
  while (state.currentEpoch < limits.maxEpochs && !isOver()) {
    await fitEpoch(run, limits);
    if (signal.aborted) break;
    endEpoch(run);
  }
  await hooks.call("onTrainEnd");
  if (signal.aborted) return "interrupted";
  return state.shouldStop ? "stopped" : "finished";
}

/** Each phase is marked before its last hook, so that a checkpoint taken there goes on after it. */
async function fitEpoch<B>(run: Run<B>, limits: FitLimits): Promise<void> {
  const { hooks, state, signal } = run;
  const validate = async (): Promise<void> => {
    if (run.val === null || signal.aborted) return;
    await limits.log((await evaluate(run, run.val, "validate")).metrics);
  };
  if (state.phase === "training") {
    if (state.batchIdx === 0) await hooks.call("onTrainEpochStart");
    await trainEpoch(run, limits, validate);
    state.phase = "validated";
    if (limits.isValidationDueAtEnd(state)) await validate();
  }
  const metrics = await state.metrics.closeEpoch("train", async () => {
    state.phase = "ended";
    await hooks.callOrdinary("onTrainEpochEnd");
  });
  // What was logged there is for the monitors to see.
  await hooks.callLast("onTrainEpochEnd");
  await limits.log(metrics);
}

function endEpoch<B>({ module, state, schedulers }: Run<B>): void {
  state.currentEpoch += 1;
  state.batchIdx = 0;
  state.phase = "training";
  if (!module.automaticOptimization) return;
  for (const scheduler of schedulers) {
    if (scheduler.interval === "epoch") moveScheduler(scheduler, state, state.currentEpoch);
  }
}

/** Tries a few held-out batches; nothing of it shows afterwards. */
async function checkSanity<B>(run: Run<B>, steps: number): Promise<void> {
  if (run.val === null || steps === 0) return;
  const { hooks, state, val } = run;
  const { metrics } = state;
  const random = state.random.snapshot();
  const end = val.isolate();
  state.metrics = new MetricStore();
  try {
    await hooks.call("onSanityCheckStart");
    await evaluate(run, limitSource(val, steps), "validate");
    await hooks.call("onSanityCheckEnd");
  } finally {
    state.metrics = metrics;
    state.random.restore(random);
    end();
  }
}
