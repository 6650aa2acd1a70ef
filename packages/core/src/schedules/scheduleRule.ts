import { FulmineError } from "../errors/fulmineError.js";
import { finite, isListOf, isObject, optional, type Validator } from "../options/validators.js";

/** Plain data that JSON preserves. */
export type PlainValue =
  null | boolean | number | string | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** The learning rates at the start of a schedule. */
export interface ScheduleStart {
  /** The current learning rate. */
  readonly lr: number;
  /** The base rate: the learning rate of the parameter group before the schedule started. */
  readonly base: number;
  /** The number of schedule steps of the whole run, as the Trainer expects them; `undefined` if it can't tell. */
  readonly totalSteps?: number | undefined;
}

/** The input of a schedule step. */
export interface ScheduleInput<State extends PlainValue = PlainValue> extends ScheduleStart {
  /** The number of schedule steps, including this one: 1 in the first step. */
  readonly step: number;
  /** The state that the previous step returned; `undefined` if it returned none. */
  readonly state: State | undefined;
  /** The value of the monitored metric; `undefined` if the schedule monitors none. */
  readonly metric: number | undefined;
}

/** The result of a schedule step. */
export interface Scheduled<State extends PlainValue = PlainValue> {
  /** The new learning rate. */
  readonly lr: number;
  /** The new momentum, or `beta1` for optimizers with `betas`. @defaultValue no change */
  readonly momentum?: number | undefined;
  /** The state for the next step. @defaultValue no state */
  readonly state?: State | undefined;
}

/**
 * A learning-rate schedule's mathematics: pure functions from the current rate and the schedule's state to the next rate.
 *
 * One schedule step happens per optimizer step or per epoch: see `ScheduleTiming`. The built-in schedules use the
 * recursive formulas of `torch.optim.lr_scheduler`, so equal options give equal float64 rates.
 */
export interface ScheduleRule<State extends PlainValue = PlainValue> {
  /** The schedule's name in messages and checkpoints. */
  readonly name: string;
  /** Whether each step needs a metric. @defaultValue false */
  readonly needsMetric?: boolean;
  /** Whether the schedule must know `totalSteps`, the length of the run. @defaultValue false */
  readonly needsTotalSteps?: boolean;
  /** Whether the schedule also changes the momentum. @defaultValue false */
  readonly cyclesMomentum?: boolean;
  /** Checks a saved state. @defaultValue accepts any state */
  isState?(value: PlainValue): value is State;
  /** Computes the rate before the first step. @defaultValue the current rate */
  first?(start: ScheduleStart): Scheduled<State>;
  /** Computes the rate after a step. */
  next(input: ScheduleInput<State>): Scheduled<State>;
}

/** A schedule, or `undefined`. */
export const optionalSchedule: Validator = /* @__PURE__ */ optional({
  expected: "a schedule",
  test: (value) => isObject(value, "next"),
  todo: "Pass e.g. stepLr({ stepSize: 10 }).",
});

/** A list of at least one schedule. */
export const scheduleList: Validator = {
  expected: "a list of at least one schedule",
  test: (value) => isListOf(value, (rule) => isObject(rule, "next")) && value.length > 0,
};

/**
 * Checks the result of a schedule step. A rate that is not a number would turn all weights into NaN.
 *
 * @throws FulmineError `INVALID_OPTION`, naming the schedule.
 */
export function requireScheduled<State extends PlainValue>(
  { name }: Pick<ScheduleRule, "name">,
  result: Scheduled<State>,
): Scheduled<State> {
  const { lr, momentum }: Partial<Scheduled> = isObject(result) ? result : {};
  if (finite.test(lr) && optional(finite).test(momentum)) return result;
  const isRate = !finite.test(lr);
  throw new FulmineError(
    "INVALID_OPTION",
    `The schedule \`${name}\` must return ${isRate ? "{ lr }, the learning rate as" : "its momentum as"} a finite number.`,
    {
      received: !isObject(result) ? result : isRate ? lr : momentum,
      todo: "Return it from the schedule's `first` and `next`.",
    },
  );
}
