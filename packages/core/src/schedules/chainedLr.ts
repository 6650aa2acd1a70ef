import { checkOptions } from "../options/checkOptions.js";
import {
  requireScheduled,
  scheduleList,
  type PlainValue,
  type Scheduled,
  type ScheduleRule,
} from "./scheduleRule.js";

/**
 * Applies several schedules in each step, like PyTorch's `ChainedScheduler`.
 *
 * Each schedule starts from the rate that the previous one returned, so factors multiply.
 *
 * @param schedules - The schedules, in the order in which they are applied.
 * @throws FulmineError `INVALID_OPTION` if the list is empty or contains something else.
 */
export function chainedLr(schedules: readonly ScheduleRule[]): ScheduleRule<readonly PlainValue[]> {
  checkOptions({ schedules }, { schedules: scheduleList }, "chainedLr");
  const chain = (
    start: number,
    step: (rule: ScheduleRule, lr: number, index: number) => Scheduled,
  ): Scheduled<readonly PlainValue[]> => {
    let [lr, momentum] = [start, undefined as number | undefined];
    const state = schedules.map((rule, index) => {
      const result = requireScheduled(rule, step(rule, lr, index));
      ({ lr, momentum = momentum } = result);
      return result.state ?? null;
    });
    return { lr, momentum, state };
  };
  return {
    name: "chained",
    needsMetric: schedules.some((rule) => rule.needsMetric === true),
    needsTotalSteps: schedules.some((rule) => rule.needsTotalSteps === true),
    cyclesMomentum: schedules.some((rule) => rule.cyclesMomentum === true),
    isState: (value): value is readonly PlainValue[] =>
      isListAsLong(value, schedules) &&
      schedules.every((rule, index) => {
        const state = value[index] ?? null;
        return state === null || (rule.isState?.(state) ?? true);
      }),
    first: ({ lr: start, ...input }) => chain(start, (rule, lr) => rule.first?.({ lr, ...input }) ?? { lr }),
    next: ({ state = [], ...input }) =>
      chain(input.lr, (rule, lr, index) => rule.next({ ...input, lr, state: state[index] ?? undefined })),
  };
}

function isListAsLong(value: PlainValue, other: readonly unknown[]): value is readonly PlainValue[] {
  return Array.isArray(value) && value.length === other.length;
}
