import { linearLr } from "./linearLr.js";
import { readOptions } from "../options/checkOptions.js";
import { count, positive } from "../options/validators.js";
import { perhapsSchedule } from "./scheduleRequirements.js";
import type { ScheduleRule } from "./scheduleRule.js";
import { sequentialLr } from "./sequentialLr.js";

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
