import { checkOptions } from "../options/checkOptions.js";
import {
  requireScheduled,
  someSchedules,
  type PlainValue,
  type Scheduled,
  type ScheduleRule,
} from "./scheduleRule.js";

/**
 * Moves several schedules together, each on from the rate that the one before it gave, as PyTorch's
 * `ChainedScheduler`: those that multiply the rate multiply together.
 *
 * @param schedules - The schedules, in the order in which they move.
 * @throws {@link FulmineError} `INVALID_OPTION` when there is none, or one is no schedule.
 */
export function chainedLr(schedules: readonly ScheduleRule[]): ScheduleRule<readonly PlainValue[]> {
  checkOptions({ schedules }, { schedules: someSchedules }, "chainedLr");
  const chain = (
    start: number,
    move: (rule: ScheduleRule, lr: number, index: number) => Scheduled,
  ): Scheduled<readonly PlainValue[]> => {
    let [lr, momentum] = [start, undefined as number | undefined];
    const state = schedules.map((rule, index) => {
      const moved = requireScheduled(rule, move(rule, lr, index));
      ({ lr, momentum = momentum } = moved);
      return moved.state ?? null;
    });
    return { lr, momentum, state };
  };
  return {
    name: "chained",
    needsMetric: schedules.some((rule) => rule.needsMetric === true),
    cyclesMomentum: schedules.some((rule) => rule.cyclesMomentum === true),
    isState: (value): value is readonly PlainValue[] =>
      isListAsLong(value, schedules) &&
      schedules.every((rule, index) => {
        const state = value[index] ?? null;
        return state === null || (rule.isState?.(state) ?? true);
      }),
    first: ({ lr: start, base }) => chain(start, (rule, lr) => rule.first?.({ lr, base }) ?? { lr }),
    next: ({ state = [], ...input }) =>
      chain(input.lr, (rule, lr, index) => rule.next({ ...input, lr, state: state[index] ?? undefined })),
  };
}

function isListAsLong(value: PlainValue, other: readonly unknown[]): value is readonly PlainValue[] {
  return Array.isArray(value) && value.length === other.length;
}
