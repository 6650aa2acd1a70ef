import { FulmineError } from "@fulmine/core";
import { safely } from "@fulmine/core/plugin";

/**
 * Checks that options are an object with known names only.
 *
 * @param owner - The owner of the options for messages, e.g. `"findLr"`.
 * @param allowed - The known names.
 * @param todos - Advice for names that are options of something else.
 * @returns A copy of the options, so that every getter is called once.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function checkOptionNames<Options extends object>(
  owner: string,
  given: Options,
  allowed: readonly string[],
  todos: ReadonlyMap<string, string> = new Map(),
): Options {
  const entries = entriesOf(given);
  if (entries === null) {
    throw new FulmineError("INVALID_OPTION", `\`${owner}\` takes its options as an object.`, {
      received: given,
      todo: `They are: ${allowed.join(", ")}.`,
    });
  }
  const unknown = entries.find(([name]) => !allowed.includes(name));
  if (unknown === undefined) return Object.fromEntries(entries) as Options;
  const [name, received] = unknown;
  throw new FulmineError("UNKNOWN_OPTION", `\`${owner}\` has no option \`${name}\`.`, {
    received,
    todo: todos.get(name) ?? `It takes: ${allowed.join(", ")}.`,
  });
}

/** The entries of a plain object; null for anything else, and if a getter or a Proxy throws. */
function entriesOf(given: unknown): [string, unknown][] | null {
  try {
    return Object.prototype.toString.call(given) === "[object Object]"
      ? Object.entries(given as object)
      : null;
  } catch {
    return null;
  }
}

/**
 * Checks one option.
 *
 * @param isValid - The result of the check, or a function that checks. If the function throws, the option is invalid.
 * @param must - The end of the message, e.g. `"must be a function"`.
 * @throws FulmineError `INVALID_OPTION`.
 */
export function checkOption(
  owner: string,
  name: string,
  isValid: boolean | (() => boolean),
  must: string,
  received: unknown,
): void {
  if (typeof isValid === "boolean" ? isValid : safely(isValid)) return;
  throw new FulmineError("INVALID_OPTION", `\`${name}\` of \`${owner}\` ${must}.`, { received });
}
