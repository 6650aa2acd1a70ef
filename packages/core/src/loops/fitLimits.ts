import { FulmineError } from "../errors/fulmineError.js";
import type { Metrics } from "../loggers/logger.js";
import type { TrainerOptions } from "../module/trainerOptions.js";
import type { TrainerState } from "../run/trainerState.js";
import { devBatches, countOf } from "./data/limitBatches.js";
import type { Run } from "../run/run.js";

/** When fitting ends, when it validates, and who takes its metrics. */
export interface FitLimits {
  readonly maxEpochs: number;
  /** How many held-out batches are tried before training. */
  readonly sanitySteps: number;
  /** After every how many steps their metrics are logged. */
  readonly logEveryNSteps: number;
  /** Whether no other batch is to be trained on: the steps are taken, or somebody stopped the run and it may stop. */
  isOver(run: Pick<Run<unknown>, "state" | "signal">): boolean;
  /** Whether held-out data is to be scored now, within an epoch. */
  isValidationDue(state: TrainerState): boolean;
  /** Whether held-out data is to be scored at the end of the epoch. */
  isValidationDueAtEnd(state: TrainerState): boolean;
  log(metrics: Metrics): Promise<void>;
}

/** Reads a fit's limits from the options; `length` is the number of batches of an epoch, `null` when not known. */
export function fitLimits(
  options: TrainerOptions,
  maxEpochs: number,
  length: number | null,
  log: FitLimits["log"],
): FitLimits {
  const { minEpochs = 0 } = options;
  const dev = devBatches(options);
  const maxSteps = Math.min(options.maxSteps ?? Infinity, dev ?? Infinity);
  // A trial run validates at its end, whatever else is asked for.
  const { valCheckInterval, checkValEveryNEpoch = 1 } = dev === null ? options : {};
  const every = valCheckInterval === undefined ? null : countOf(valCheckInterval, length, "valCheckInterval");
  if (every !== null && length !== null && every > length) {
    throw new FulmineError(
      "INVALID_OPTION",
      `\`valCheckInterval\` must be at most the ${length} batches of an epoch.`,
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
    sanitySteps: dev === null ? (options.numSanityValSteps ?? 2) : 0,
    logEveryNSteps: options.logEveryNSteps ?? 50,
    isOver: ({ state: { shouldStop, currentEpoch, globalStep }, signal }) =>
      (shouldStop && currentEpoch >= minEpochs) || signal.aborted || globalStep >= maxSteps,
    isValidationDue: (state) => every !== null && state.batchIdx % every === 0 && isRightEpoch(state),
    isValidationDueAtEnd: (state) => every === null && isRightEpoch(state),
    log,
  };
}
