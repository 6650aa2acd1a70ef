import { readOptions } from "../options/checkOptions.js";
import { count, notNegative, positive } from "../options/validators.js";
import { optionalSchedule, type ScheduleRule } from "./scheduleRule.js";
import { sequentialLr } from "./sequentialLr.js";

/** The options of {@link constantLr}. */
export interface ConstantLrOptions {
  /** The factor on the base rate, above 0. @defaultValue 1/3 */
  readonly factor?: number;
  /** The number of steps with the factor. @defaultValue 5 */
  readonly totalSteps?: number;
}

/**
 * Multiplies the base rate by `factor` for the first `totalSteps` steps, like PyTorch's `ConstantLR`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
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

/** The options of {@link linearLr}. */
export interface LinearLrOptions {
  /** The factor on the base rate at the start, above 0. @defaultValue 1/3 */
  readonly startFactor?: number;
  /** The factor at the end, at least 0. @defaultValue 1 */
  readonly endFactor?: number;
  /** The number of steps from the start to the end. @defaultValue 5 */
  readonly totalSteps?: number;
}

/**
 * Interpolates the factor on the base rate linearly from `startFactor` to `endFactor`, like PyTorch's `LinearLR`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
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

/** The options of {@link warmupLr}. */
export interface WarmupLrOptions {
  /** The number of steps until the base rate. */
  readonly totalSteps: number;
  /** The factor on the base rate at the start, above 0. @defaultValue 0.01 */
  readonly startFactor?: number;
  /** The schedule after the warm-up, which starts at the base rate. @defaultValue a constant rate */
  readonly then?: ScheduleRule;
}

/**
 * Raises the rate linearly to the base rate and then runs another schedule.
 *
 * It is a {@link sequentialLr} of a {@link linearLr} and that schedule.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 * @example
 * ```ts
 * warmupLr({ totalSteps: 500, then: cosineAnnealingLr({ period: 9500 }) })
 * ```
 */
export function warmupLr(options: WarmupLrOptions): ScheduleRule {
  const requirements = { totalSteps: count, startFactor: positive, then: optionalSchedule };
  const { totalSteps, startFactor, then } = readOptions(
    "warmupLr",
    options,
    { startFactor: 0.01 },
    requirements,
  );
  const rise = linearLr({ startFactor, totalSteps });
  return then === undefined ? rise : sequentialLr({ schedules: [rise, then], milestones: [totalSteps] });
}
