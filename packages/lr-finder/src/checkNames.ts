import { FulmineError } from "@fulmine/core";

/**
 * Reads settings once each, and checks that they are settings and all of them known.
 *
 * @param owner - Whose settings they are, for messages, e.g. `"findLr"`.
 * @param todos - What to do about settings that are unknown here but known elsewhere.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the setting.
 */
export function checkNames<Settings extends object>(
  owner: string,
  given: Settings,
  allowed: readonly string[],
  todos: ReadonlyMap<string, string> = new Map(),
): Settings {
  const entries = entriesOf(given);
  if (entries === null) {
    throw new FulmineError("INVALID_OPTION", `\`${owner}\` takes its options as an object.`, {
      received: given,
      todo: `They are: ${allowed.join(", ")}.`,
    });
  }
  const unknown = entries.find(([name]) => !allowed.includes(name));
  if (unknown === undefined) return Object.fromEntries(entries) as Settings;
  const [name, received] = unknown;
  throw new FulmineError("UNKNOWN_OPTION", `\`${owner}\` has no option \`${name}\`.`, {
    received,
    todo: todos.get(name) ?? `It takes: ${allowed.join(", ")}.`,
  });
}

/** The settings by name; `null` for what is no object of settings, or can't be read: a getter or a Proxy throws. */
function entriesOf(given: unknown): [string, unknown][] | null {
  try {
    return Object.prototype.toString.call(given) === "[object Object]"
      ? Object.entries(given as object)
      : null;
  } catch {
    return null;
  }
}

/** Sees that a setting is as it must be; one that can't even be looked at is not. */
export function demand(
  owner: string,
  name: string,
  holds: boolean | (() => boolean),
  must: string,
  received: unknown,
): void {
  if (typeof holds === "boolean" ? holds : safely(holds)) return;
  throw new FulmineError("INVALID_OPTION", `\`${name}\` of \`${owner}\` ${must}.`, { received });
}

function safely(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false;
  }
}
