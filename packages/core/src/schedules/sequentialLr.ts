import { FulmineError } from "../errors/fulmineError.js";
import { readOptions } from "../options/checkOptions.js";
import { rising } from "../options/validators.js";
import { requireScheduled } from "./requireScheduled.js";
import { someSchedules } from "./scheduleRequirements.js";
import type { PlainValue, ScheduleRule } from "./scheduleRule.js";

/** The settings of {@link sequentialLr}. */
export interface SequentialLrOptions {
  /** The schedules, in order. */
  readonly schedules: readonly ScheduleRule[];
  /** The moves at which the next schedule takes over; one fewer than there are schedules. */
  readonly milestones: readonly number[];
}

/**
 * Follows one schedule after another, each from its own start and from the optimizer's rate, as PyTorch's
 * `SequentialLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function sequentialLr(options: SequentialLrOptions): ScheduleRule {
  const requirements = { schedules: someSchedules, milestones: rising(true) };
  const { schedules, milestones } = readOptions("sequentialLr", options, {}, requirements);
  if (milestones.length !== schedules.length - 1) {
    throw new FulmineError(
      "INVALID_OPTION",
      "`milestones` of `sequentialLr` must be one fewer than its schedules.",
      { received: milestones },
    );
  }
  return {
    name: "sequential",
    needsMetric: schedules.some((rule) => rule.needsMetric === true),
    cyclesMomentum: schedules.some((rule) => rule.cyclesMomentum === true),
    // It is of the schedule whose turn it was.
    isState: (value): value is PlainValue => schedules.some((rule) => rule.isState?.(value) ?? true),
    first: (start) => schedules[0]?.first?.(start) ?? { lr: start.lr },
    next(input) {
      const { lr, base, step } = input;
      const index = milestones.filter((milestone) => milestone <= step).length;
      const rule = schedules[index];
      const since = step - (milestones[index - 1] ?? 0);
      if (rule === undefined) return { lr };
      if (since === 0) return rule.first?.({ lr: base, base }) ?? { lr: base };
      return requireScheduled(rule, rule.next({ ...input, step: since }));
    },
  };
}
