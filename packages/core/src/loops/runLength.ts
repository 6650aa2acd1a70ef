import { maxStepsOf, type TrainerOptions } from "../module/trainerOptions.js";
import type { RunLength } from "../schedules/lrScheduler.js";

/** What decides how long a fit is, beside the options. */
export interface RunLengthInput {
  /** The number of epochs after which the fit ends; `Infinity` without a limit. */
  readonly maxEpochs: number;
  /** The number of batches of an epoch; `null` if unknown. */
  readonly batches: number | null;
  readonly accumulateGradBatches: number;
  /** Whether the module decides itself how many steps a batch has. */
  readonly isManual: boolean;
}

/**
 * The number of optimizer steps and of epochs that a fit will have if nothing ends it early, like Lightning's
 * `estimated_stepping_batches`.
 *
 * A callback that changes `accumulateGradBatches` later is not foreseen, and neither are `maxTime`, early stopping and calls
 * of `stop`.
 */
export function runLength(options: TrainerOptions, input: RunLengthInput): RunLength {
  const { maxEpochs, batches, accumulateGradBatches, isManual } = input;
  const maxSteps = maxStepsOf(options);
  const stepsPerEpoch = batches === null || isManual ? null : Math.ceil(batches / accumulateGradBatches);
  const stepsOfEpochs = stepsPerEpoch === null ? Infinity : maxEpochs * stepsPerEpoch;
  const epochsOfSteps = stepsPerEpoch === null ? Infinity : Math.ceil(maxSteps / stepsPerEpoch);
  return {
    step: finiteOrUnknown(Math.min(maxSteps, stepsOfEpochs)),
    // Steps that may end the run within an unknown number of epochs leave that number unknown.
    epoch: finiteOrUnknown(
      stepsPerEpoch === null && maxSteps < Infinity ? Infinity : Math.min(maxEpochs, epochsOfSteps),
    ),
  };
}

function finiteOrUnknown(count: number): number | undefined {
  return Number.isFinite(count) && count > 0 ? count : undefined;
}
