import { FulmineError } from "../errors/fulmineError.js";

/** One value for each output of a model: a list in the order of the outputs, or an object by their names. */
export type ByOutput<T> = readonly T[] | Readonly<Record<string, T>>;

/**
 * Lists what an option has for each output of a model.
 *
 * @param option - The name of the option, for messages.
 * @param outputNames - The names of the outputs, in order.
 * @returns One value per output; `undefined` for an output that an object lacks.
 * @throws FulmineError `INVALID_OPTION` if a list is too short or too long, or if a name is that of no output.
 */
export function byOutput<T>(
  option: string,
  given: ByOutput<T>,
  outputNames: readonly string[],
): (T | undefined)[] {
  const todo = `The outputs are: ${outputNames.join(", ")}.`;
  const problem = `\`${option}\` must have one entry for each output of the model.`;
  if (isList(given)) {
    if (given.length === outputNames.length) return Array.from(given);
    throw new FulmineError("INVALID_OPTION", problem, { received: given, todo });
  }
  const unknown = Object.keys(given).find((name) => !outputNames.includes(name));
  if (unknown !== undefined) throw new FulmineError("INVALID_OPTION", problem, { received: unknown, todo });
  // An output may have the name of a member that every object inherits.
  return outputNames.map((name) => (Object.hasOwn(given, name) ? given[name] : undefined));
}

function isList<T>(given: ByOutput<T>): given is readonly T[] {
  return Array.isArray(given);
}
