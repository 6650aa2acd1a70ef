import { FulmineError } from "../errors/fulmineError.js";
import { finite, isObject, optional } from "../options/validators.js";
import type { PlainValue, Scheduled, ScheduleRule } from "./scheduleRule.js";

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
  if (finite.test(lr) && optional(finite).test(momentum)) return given;
  const isRate = !finite.test(lr);
  throw new FulmineError(
    "INVALID_OPTION",
    `The schedule \`${name}\` must give ${isRate ? "{ lr }, the learning rate as" : "its momentum as"} a finite number.`,
    {
      received: !isObject(given) ? given : isRate ? lr : momentum,
      todo: "Return it from its `first` and its `next`.",
    },
  );
}
