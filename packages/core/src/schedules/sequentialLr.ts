import { FulmineError } from "../errors/fulmineError.js";
import { readOptions } from "../options/checkOptions.js";
import { rising } from "../options/validators.js";
import { requireScheduled, scheduleList, type PlainValue, type ScheduleRule } from "./scheduleRule.js";

/** The options of {@link sequentialLr}. */
export interface SequentialLrOptions {
  /** The schedules, in order. */
  readonly schedules: readonly ScheduleRule[];
  /** The steps at which the next schedule starts: rising integers, one fewer than the schedules. */
  readonly milestones: readonly number[];
}

/**
 * Runs schedules one after another, like PyTorch's `SequentialLR`.
 *
 * Each schedule starts at its own step 0 and at the base rate.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function sequentialLr(options: SequentialLrOptions): ScheduleRule {
  const requirements = { schedules: scheduleList, milestones: rising(true) };
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
    needsTotalSteps: schedules.some((rule) => rule.needsTotalSteps === true),
    cyclesMomentum: schedules.some((rule) => rule.cyclesMomentum === true),
    // The state is that of the schedule that ran last.
    isState: (value): value is PlainValue => schedules.some((rule) => rule.isState?.(value) ?? true),
    first: (start) => schedules[0]?.first?.(start) ?? { lr: start.lr },
    next(input) {
      const { lr, base, step } = input;
      const index = milestones.filter((milestone) => milestone <= step).length;
      const rule = schedules[index];
      const start = milestones[index - 1] ?? 0;
      const since = step - start;
      if (rule === undefined) return { lr };
      // Each schedule counts from its own start, so for each the run is as long as what is left of it then.
      const totalSteps = input.totalSteps === undefined ? undefined : Math.max(1, input.totalSteps - start);
      if (since === 0) return rule.first?.({ lr: base, base, totalSteps }) ?? { lr: base };
      return requireScheduled(rule, rule.next({ ...input, totalSteps, step: since }));
    },
  };
}
