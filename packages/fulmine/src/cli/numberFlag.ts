import { UsageError } from "./usageError.js";

/**
 * The number that a flag was given, under the name of the option that it stands for, or nothing when it was not.
 *
 * @throws UsageError when it is no number.
 */
export function numberFlag<Name extends string>(
  option: Name,
  flag: string,
  given: string | undefined,
): Partial<Record<Name, number>> {
  if (given === undefined) return {};
  const number = Number(given);
  if (!Number.isFinite(number)) throw new UsageError(`--${flag} needs a number. Received: ${given}.`);
  const named: Partial<Record<Name, number>> = {};
  named[option] = number;
  return named;
}
