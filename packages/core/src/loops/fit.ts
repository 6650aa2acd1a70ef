import { counted } from "../errors/counted.js";
import type { BestCheckpoint } from "../checkpoint/bestCheckpoint.js";
import { captureLayerStates } from "../module/layerStates.js";
import { evaluate } from "./evaluate.js";
import type { FitLimits } from "./fitLimits.js";
import { limitSource } from "./data/limitBatches.js";
import { stepPendingSchedulers, stepSchedulers, trainEpoch } from "./trainEpoch.js";
import type { Run } from "../run/run.js";
import { learningRates } from "../optim/learningRates.js";
import type { EpochRecord } from "../loggers/epochRecord.js";
import type { Metrics, RunStatus } from "../loggers/logger.js";

/** The result of a fit. */
export interface FitResult {
  /** How the fit ended: by its limits, by `trainer.stop()`, or by an abort signal or Ctrl-C. */
  readonly status: Exclude<RunStatus, "failed">;
  /** Number of completed epochs. */
  readonly epochs: number;
  /** Number of optimizer steps. */
  readonly steps: number;
  /** The latest value of every metric. */
  readonly metrics: Metrics;
  /** What each epoch measured, also those before the checkpoint that a fit resumed from. */
  readonly history: readonly EpochRecord[];
  /**
   * The best checkpoint that a `ModelCheckpoint` with `monitor` saved, the first such callback if there are several; `null` if
   * none did. To evaluate it: `trainer.test(model, data, { checkpoint: "best" })`.
   */
  readonly bestCheckpoint: BestCheckpoint | null;
}

/** How a fit ended, and what its epochs measured. */
type FitOutcome = Pick<FitResult, "status" | "history">;

/**
 * Trains and validates epoch by epoch until a limit is reached or the run is stopped. Continues from the run's state, which
 * may be in the middle of an epoch after a checkpoint was loaded.
 */
export async function fitLoop<B>(run: Run<B>, limits: FitLimits): Promise<FitOutcome> {
  const { hooks, state, signal } = run;
  await checkSanity(run, limits.sanitySteps);
  await hooks.call("onTrainStart");
  if (state.phase === "ended") {
    // The checkpoint may be older than the record of its epoch.
    if (state.history.at(-1)?.epoch !== state.currentEpoch + 1) recordEpoch(run);
    endEpoch(run);
  }
  if (!signal.aborted && !state.shouldStop) warnIfDone(run, limits);
  while (state.currentEpoch < limits.maxEpochs && !limits.isOver(run)) {
    await fitEpoch(run, limits);
    // An interrupted epoch stays open, so that a checkpoint continues in the middle of it.
    if (state.phase !== "ended") break;
    endEpoch(run);
  }
  await hooks.call("onTrainEnd");
  const status = signal.aborted ? "interrupted" : state.shouldStop ? "stopped" : "finished";
  return { status, history: [...state.history] };
}

/** Updates the state before each hook that follows, so that a checkpoint made in the hook continues after it. */
async function fitEpoch<B>(run: Run<B>, limits: FitLimits): Promise<void> {
  const { hooks, state, signal } = run;
  // The record of the part before an interruption.
  if (state.history.at(-1)?.epoch === state.currentEpoch + 1) state.history = state.history.slice(0, -1);
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
  if (state.phase === "starting") {
    state.metrics.beginEpoch();
    await hooks.call("onTrainEpochStart");
    state.epochRates = learningRates(run.optimizers);
  }
  if (state.phase === "starting" || state.phase === "training") {
    const isComplete = await trainEpoch(run, limits, validateIfPending);
    if (isComplete) state.phase = "trained";
    // An aborted run validates when it is resumed.
    if (isComplete || !signal.aborted) state.isValidationPending ||= limits.isValidationDueAtEnd(state);
  }
  await validateIfPending();
  // An aborted run steps them after its validation, when it is resumed.
  if (!signal.aborted) stepPendingSchedulers(run);
  await limits.log(state.metrics.endEpoch("train"));
  if (state.phase === "trained" && !state.isValidationPending) state.phase = "ended";
  await limits.log(await state.metrics.closeEpoch("train", () => hooks.callOrdinary("onTrainEpochEnd")));
  recordEpoch(run);
  // Monitors see what the other hooks have logged.
  await hooks.callLast("onTrainEpochEnd");
}

function recordEpoch<B>({ state }: Run<B>): void {
  const { currentEpoch, globalStep, metrics, epochRates } = state;
  const [epoch, measured] = [currentEpoch + 1, metrics.epochMetrics()];
  state.history = [...state.history, { epoch, steps: globalStep, metrics: measured, lr: epochRates }];
}

/** Warns if a checkpoint has already reached the limits, so that nothing is trained. */
function warnIfDone<B>(run: Run<B>, limits: FitLimits): void {
  const { currentEpoch, globalStep } = run.state;
  const isPastEpochs = currentEpoch >= limits.maxEpochs;
  if (!isPastEpochs && !limits.isOver(run)) return;
  const [done, limit] = isPastEpochs
    ? [counted(currentEpoch, "epoch"), "maxEpochs"]
    : [counted(globalStep, "step"), "maxSteps"];
  run.hooks.owners.trainer.display.warn(
    `The checkpoint was made after ${done}, and \`${limit}\` is not greater: nothing is trained. Raise \`${limit}\` to continue training.`,
  );
}

function endEpoch<B>(run: Run<B>): void {
  const { state } = run;
  state.currentEpoch += 1;
  state.batchIdx = 0;
  state.phase = "starting";
  stepSchedulers(run, "epoch");
}

/** Validates a few batches before training, then restores all state that this changes. */
async function checkSanity<B>(run: Run<B>, steps: number): Promise<void> {
  if (run.val === null || steps === 0) return;
  const { hooks, state, val } = run;
  const [endIsolation, restoreLayerStates] = [val.isolate(), captureLayerStates(run.module)];
  state.isSanityChecking = true;
  try {
    await state.withScratchMetrics(async () => {
      await hooks.call("onSanityCheckStart");
      await evaluate(run, limitSource(val, steps), "validate");
      await hooks.call("onSanityCheckEnd");
    });
  } finally {
    state.isSanityChecking = false;
    endIsolation();
    restoreLayerStates();
  }
}
