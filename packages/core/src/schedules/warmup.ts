import { readOptions } from "../options/readOptions.js";
import { count, positive, notNegative } from "../options/requirements.js";
import { type ScheduleRule, perhapsSchedule } from "./scheduleRule.js";
import { sequentialLr } from "./sequentialLr.js";

/** The settings of {@link constantLr}. */
export interface ConstantLrOptions {
  /** The factor on the optimizer's rate while it lasts. @defaultValue 1/3 */
  readonly factor?: number;
  /** The number of moves after which the factor is taken away. @defaultValue 5 */
  readonly totalSteps?: number;
}

/**
 * Holds the rate at a share of the optimizer's for a while, as PyTorch's `ConstantLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function constantLr(options: ConstantLrOptions = {}): ScheduleRule {
  const requirements = { factor: positive, totalSteps: count };
  const defaults = { factor: 1 / 3, totalSteps: 5 };
  const { factor, totalSteps } = readOptions("constantLr", options, defaults, requirements);
  return {
    name: "constant",
    first: ({ lr }) => ({ lr: lr * factor }),
    next: ({ lr, step }) => ({ lr: step === totalSteps ? lr * (1 / factor) : lr }),
  };
}

/** The settings of {@link linearLr}. */
export interface LinearLrOptions {
  /** The factor on the optimizer's rate at the start. @defaultValue 1/3 */
  readonly startFactor?: number;
  /** The factor at the end. @defaultValue 1 */
  readonly endFactor?: number;
  /** The number of moves from one to the other. @defaultValue 5 */
  readonly totalSteps?: number;
}

/**
 * Takes the rate in a straight line from one factor of the optimizer's to another, as PyTorch's `LinearLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function linearLr(options: LinearLrOptions = {}): ScheduleRule {
  const { startFactor, endFactor, totalSteps } = readOptions(
    "linearLr",
    options,
    { startFactor: 1 / 3, endFactor: 1, totalSteps: 5 },
    { startFactor: positive, endFactor: notNegative, totalSteps: count },
  );
  const rise = endFactor - startFactor;
  return {
    name: "linear",
    first: ({ lr }) => ({ lr: lr * startFactor }),
    next({ lr, step }) {
      if (step > totalSteps) return { lr };
      return { lr: lr * (1 + rise / (totalSteps * startFactor + (step - 1) * rise)) };
    },
  };
}

/** The settings of {@link warmupLr}. */
export interface WarmupLrOptions {
  /** The number of moves until the optimizer's rate is reached. */
  readonly totalSteps: number;
  /** The factor on the optimizer's rate at the start. @defaultValue 0.01 */
  readonly startFactor?: number;
  /** The schedule that takes over at the optimizer's rate; left out, the rate stays there. */
  readonly then?: ScheduleRule;
}

/**
 * Lets the rate rise in a straight line to the optimizer's, and follows another schedule from there: `linearLr` and then
 * it, in sequence.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * warmupLr({ totalSteps: 500, then: cosineAnnealingLr({ period: 9500 }) })
 * ```
 */
export function warmupLr(options: WarmupLrOptions): ScheduleRule {
  const requirements = { totalSteps: count, startFactor: positive, then: perhapsSchedule };
  const { totalSteps, startFactor, then } = readOptions(
    "warmupLr",
    options,
    { startFactor: 0.01 },
    requirements,
  );
  const rise = linearLr({ startFactor, totalSteps });
  return then === undefined ? rise : sequentialLr({ schedules: [rise, then], milestones: [totalSteps] });
}
