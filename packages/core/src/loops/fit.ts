import { captureLayerStates } from "../module/layerStates.js";
import { evaluate } from "./evaluate.js";
import type { FitLimits } from "./fitLimits.js";
import { limitSource } from "./data/limitBatches.js";
import { stepPendingSchedulers, stepSchedulers, trainEpoch } from "./trainEpoch.js";
import type { Run } from "../run/run.js";
import type { Metrics } from "../loggers/logger.js";

/** How a run ended: by its own limits, by `trainer.stop()`, or by an abort signal or Ctrl-C. */
export type FitStatus = "finished" | "stopped" | "interrupted";

/**
 * Trains epoch after epoch, with validation, until a limit is met or somebody stops it. It begins where the state stands,
 * which is in the middle of an epoch when a checkpoint was taken there.
 */
export async function fitLoop<B>(run: Run<B>, limits: FitLimits): Promise<FitStatus> {
  const { hooks, state, signal } = run;
  await checkSanity(run, limits.sanitySteps);
  await hooks.call("onTrainStart");
  if (state.phase === "ended") endEpoch(run);
  if (!signal.aborted && !state.shouldStop) warnIfDone(run, limits);
  while (state.currentEpoch < limits.maxEpochs && !limits.isOver(run)) {
    await fitEpoch(run, limits);
    // An epoch that was cut short stays open, so that a checkpoint goes on in the middle of it.
    if (state.phase !== "ended") break;
    endEpoch(run);
  }
  await hooks.call("onTrainEnd");
  if (signal.aborted) return "interrupted";
  return state.shouldStop ? "stopped" : "finished";
}

/** What is done is marked before the hook that follows on it, so that a checkpoint taken there goes on after it. */
async function fitEpoch<B>(run: Run<B>, limits: FitLimits): Promise<void> {
  const { hooks, state, signal } = run;
  const validateIfPending = async (): Promise<void> => {
    if (!state.isValidationPending || signal.aborted) return;
    if (run.val === null) state.isValidationPending = false;
    else {
      await evaluate(run, run.val, "validate", async (metrics) => {
        if (signal.aborted) return;
        state.isValidationPending = false;
        await limits.log(metrics);
      });
    }
  };
  if (state.phase === "starting") await hooks.call("onTrainEpochStart");
  if (state.phase === "starting" || state.phase === "training") {
    const isComplete = await trainEpoch(run, limits, validateIfPending);
    if (isComplete) state.phase = "trained";
    // An aborted run validates when it goes on.
    if (isComplete || !signal.aborted) state.isValidationPending ||= limits.isValidationDueAtEnd(state);
  }
  await validateIfPending();
  // An aborted run moves them when it goes on, after the validation.
  if (!signal.aborted) stepPendingSchedulers(run);
  await limits.log(state.metrics.endEpoch("train"));
  if (state.phase === "trained" && !state.isValidationPending) state.phase = "ended";
  await limits.log(await state.metrics.closeEpoch("train", () => hooks.callOrdinary("onTrainEpochEnd")));
  // What was logged there is for the monitors to see.
  await hooks.callLast("onTrainEpochEnd");
}

/** Only a checkpoint can have brought a fit to its limits before its first batch. */
function warnIfDone<B>(run: Run<B>, limits: FitLimits): void {
  const { currentEpoch, globalStep } = run.state;
  const isPastEpochs = currentEpoch >= limits.maxEpochs;
  if (!isPastEpochs && !limits.isOver(run)) return;
  const [done, limit] = isPastEpochs
    ? [`${currentEpoch} epochs`, "maxEpochs"]
    : [`${globalStep} steps`, "maxSteps"];
  run.hooks.owners.trainer.display.warn(
    `The checkpoint has ${done} behind it, and \`${limit}\` is no more than that: nothing is trained. Raise \`${limit}\` to train on.`,
  );
}

function endEpoch<B>(run: Run<B>): void {
  const { state } = run;
  state.currentEpoch += 1;
  state.batchIdx = 0;
  state.phase = "starting";
  stepSchedulers(run, "epoch");
}

/** Tries a few held-out batches; nothing of it shows afterwards. */
async function checkSanity<B>(run: Run<B>, steps: number): Promise<void> {
  if (run.val === null || steps === 0) return;
  const { hooks, state, val } = run;
  const [end, putStatesBack] = [val.isolate(), captureLayerStates(run.module)];
  try {
    await state.withScratchMetrics(async () => {
      await hooks.call("onSanityCheckStart");
      await evaluate(run, limitSource(val, steps), "validate");
      await hooks.call("onSanityCheckEnd");
    });
  } finally {
    end();
    putStatesBack();
  }
}

/** What came of a fit. */
export interface FitResult {
  /** How it ended. */
  readonly status: FitStatus;
  /** The number of epochs that were begun and ended. */
  readonly epochs: number;
  /** The number of optimizer steps. */
  readonly steps: number;
  /** The last value of every metric. */
  readonly metrics: Metrics;
}
