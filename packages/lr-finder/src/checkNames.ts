import { FulmineError } from "@fulmine/core";

/**
 * Checks that what was given are settings, and that all of them are known.
 *
 * @param owner - Whose settings they are, for messages, e.g. `"findLr"`.
 * @param todos - What to do about settings that are unknown here but known elsewhere.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the setting.
 */
export function checkNames(
  owner: string,
  given: unknown,
  allowed: readonly string[],
  todos: ReadonlyMap<string, string> = new Map(),
): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new FulmineError("INVALID_OPTION", `\`${owner}\` takes its options as an object.`, {
      received: given,
      todo: `They are: ${allowed.join(", ")}.`,
    });
  }
  const unknown = Object.keys(given).find((name) => !allowed.includes(name));
  if (unknown === undefined) return;
  throw new FulmineError("UNKNOWN_OPTION", `\`${owner}\` has no option \`${unknown}\`.`, {
    todo: todos.get(unknown) ?? `It takes: ${allowed.join(", ")}.`,
  });
}

/** Sees that a setting is as it must be. */
export function demand(owner: string, name: string, holds: boolean, must: string, received: unknown): void {
  if (!holds) throw new FulmineError("INVALID_OPTION", `\`${name}\` of \`${owner}\` ${must}.`, { received });
}
