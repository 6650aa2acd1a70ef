import { FulmineError } from "../errors/fulmineError.js";
import { isListOf, isObject, optional, type Requirement, finite } from "../options/requirements.js";

/** What survives JSON unchanged. */
export type PlainValue =
  null | boolean | number | string | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** Where a schedule starts. */
export interface ScheduleStart {
  /** The rate that is in force now. */
  readonly lr: number;
  /** The rate that the optimizer was made with. */
  readonly base: number;
}

/** What a schedule's next rate is computed from. */
export interface ScheduleInput<State extends PlainValue = PlainValue> extends ScheduleStart {
  /** How many times the schedule has moved on, this time included: 1 at its first move. */
  readonly step: number;
  /** What the schedule gave as its state at the last move; `undefined` when it gave none. */
  readonly state: State | undefined;
  /** The watched metric; `undefined` when none is watched. */
  readonly metric: number | undefined;
}

/** What a schedule sets. */
export interface Scheduled<State extends PlainValue = PlainValue> {
  /** The learning rate. */
  readonly lr: number;
  /** The momentum (`beta1` where there are betas); left out, it stays as it is. */
  readonly momentum?: number | undefined;
  /** What the next move needs to know; left out, nothing. */
  readonly state?: State | undefined;
}

/**
 * A learning-rate schedule as mathematics: a pure function from the present rate, and what the schedule wants to
 * remember, to the next.
 *
 * The recursions are PyTorch's, so that equal settings give equal float64 rates.
 */
export interface ScheduleRule<State extends PlainValue = PlainValue> {
  /** The schedule's name, for messages and checkpoints. */
  readonly name: string;
  /** Whether a move needs a metric. @defaultValue false */
  readonly needsMetric?: boolean;
  /** Whether it moves the momentum too. @defaultValue false */
  readonly cyclesMomentum?: boolean;
  /** Whether a saved value can be its state; left out, any is. */
  isState?(value: PlainValue): value is State;
  /** What holds before the first move; left out, the rate as it is. */
  first?(start: ScheduleStart): Scheduled<State>;
  /** What holds after a move. */
  next(input: ScheduleInput<State>): Scheduled<State>;
}

/** A schedule, or nothing. */
export const perhapsSchedule: Requirement = /* @__PURE__ */ optional({
  words: "a schedule",
  holds: (value) => isObject(value, "next"),
  todo: "Pass e.g. stepLr({ stepSize: 10 }).",
});

/** At least one schedule. */
export const someSchedules: Requirement = {
  words: "a list of at least one schedule",
  holds: (value) => isListOf(value, (rule) => isObject(rule, "next")) && value.length > 0,
};

/**
 * Checks what a schedule gave. A rate that is no number would turn all weights into NaN.
 *
 * @throws {@link FulmineError} `INVALID_OPTION`, naming the schedule.
 */
export function requireScheduled<State extends PlainValue>(
  { name }: Pick<ScheduleRule, "name">,
  given: Scheduled<State>,
): Scheduled<State> {
  const { lr, momentum }: Partial<Scheduled> = isObject(given) ? given : {};
  if (finite.holds(lr) && optional(finite).holds(momentum)) return given;
  const isRate = !finite.holds(lr);
  throw new FulmineError(
    "INVALID_OPTION",
    `The schedule \`${name}\` must give ${isRate ? "{ lr }, the learning rate as" : "its momentum as"} a finite number.`,
    {
      received: !isObject(given) ? given : isRate ? lr : momentum,
      todo: "Return it from its `first` and its `next`.",
    },
  );
}
