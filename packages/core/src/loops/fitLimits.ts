import { counted } from "../errors/counted.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Metrics } from "../loggers/logger.js";
import { devRunBatches, maxStepsOf, type TrainerOptions } from "../module/trainerOptions.js";
import type { TrainerState } from "../run/trainerState.js";
import { countOf } from "./data/limitBatches.js";
import type { Run } from "../run/run.js";

/** When a fit ends, validates and logs. */
export interface FitLimits {
  readonly maxEpochs: number;
  /** Number of validation batches to run before training. */
  readonly sanitySteps: number;
  /** Number of optimizer steps between two logs. */
  readonly logEveryNSteps: number;
  /** Whether the fit must not train on another batch. */
  isOver(run: Pick<Run<unknown>, "state" | "signal">): boolean;
  /** Whether a validation is due within the epoch. */
  isValidationDue(state: TrainerState): boolean;
  /** Whether a validation is due at the end of the epoch. */
  isValidationDueAtEnd(state: TrainerState): boolean;
  /** Sends metrics to the loggers. */
  log(metrics: Metrics): Promise<void>;
}

/** What decides a fit's limits beside the options. */
export interface FitLimitsInput extends Pick<FitLimits, "maxEpochs" | "log"> {
  /** The number of batches of an epoch; `null` if unknown. */
  readonly length: number | null;
  /** Whether the fit continues from a checkpoint; then there is no sanity check. */
  readonly isResumed: boolean;
}

/**
 * Reads a fit's limits from the options.
 *
 * @throws FulmineError `INVALID_OPTION` for a `valCheckInterval` that an epoch never reaches.
 */
export function fitLimits(
  options: TrainerOptions,
  { maxEpochs, length, isResumed, log }: FitLimitsInput,
): FitLimits {
  const { minEpochs = 0 } = options;
  const dev = devRunBatches(options);
  const maxSteps = maxStepsOf(options);
  // A dev run validates once, at its end.
  const { valCheckInterval, checkValEveryNEpoch = 1 } = dev === null ? options : {};
  const every = valCheckInterval === undefined ? null : countOf(valCheckInterval, length, "valCheckInterval");
  if (every !== null && length !== null && every > length) {
    throw new FulmineError(
      "INVALID_OPTION",
      `\`valCheckInterval\` must be at most the ${counted(length, "batch", "batches")} of an epoch.`,
      {
        received: every,
        todo: "To validate less often than each epoch use `checkValEveryNEpoch`, to skip it `limitValBatches: 0`.",
      },
    );
  }
  const isRightEpoch = ({ currentEpoch }: TrainerState): boolean =>
    (currentEpoch + 1) % checkValEveryNEpoch === 0;
  return {
    maxEpochs,
    sanitySteps: dev === null && !isResumed ? (options.numSanityValSteps ?? 2) : 0,
    logEveryNSteps: options.logEveryNSteps ?? 50,
    isOver: ({ state: { shouldStop, currentEpoch, globalStep }, signal }) =>
      (shouldStop && currentEpoch >= minEpochs) || signal.aborted || globalStep >= maxSteps,
    isValidationDue: (state) => every !== null && state.batchIdx % every === 0 && isRightEpoch(state),
    isValidationDueAtEnd: (state) => every === null && isRightEpoch(state),
    log,
  };
}
