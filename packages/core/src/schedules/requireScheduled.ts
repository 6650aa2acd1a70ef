import { FulmineError } from "../fulmineError.js";
import { finite, isObject, optional } from "../options/requirements.js";
import type { PlainValue, Scheduled, ScheduleRule } from "./scheduleRule.js";

/**
 * What a schedule gave, when it is a rate that can be trained with.
 *
 * @throws {@link FulmineError} `INVALID_OPTION`, naming the schedule.
 */
export function requireScheduled<State extends PlainValue>(
  { name }: Pick<ScheduleRule, "name">,
  given: Scheduled<State>,
): Scheduled<State> {
  if (!isObject(given) || !finite.holds(given.lr))
    throw refusal(`The schedule \`${name}\` gave a learning rate that is no finite number.`, given);
  if (!optional(finite).holds(given.momentum))
    throw refusal(`The schedule \`${name}\` gave a momentum that is no finite number.`, given);
  return given;
}

function refusal(problem: string, given: unknown): FulmineError {
  const received = isObject(given) && "lr" in given ? given.lr : given;
  return new FulmineError("INVALID_OPTION", problem, {
    received,
    todo: "Let it give { lr } with a finite number at every move.",
  });
}
