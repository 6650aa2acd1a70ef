import { FulmineError } from "../errors/fulmineError.js";
import { requireSettings } from "./requireSettings.js";
import type { Requirements } from "./requirements.js";
import { safely } from "./safely.js";

/**
 * Checks that settings are known and as they must be.
 *
 * @param name - Whose settings they are, for messages; left out, the Trainer's.
 * @param todos - What to do about settings that are unknown here but known elsewhere.
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the setting.
 */
export function checkOptions(
  options: object,
  requirements: Requirements,
  name?: string,
  todos: Readonly<Record<string, string>> = {},
): void {
  const [owner, place] = name === undefined ? ["This Trainer", ""] : [`\`${name}\``, ` of \`${name}\``];
  for (const [key, received] of requireSettings(options, name)) {
    if (Object.hasOwn(requirements, key)) continue;
    const todo =
      (Object.hasOwn(todos, key) ? todos[key] : undefined) ??
      `It takes: ${Object.keys(requirements).join(", ")}.`;
    throw new FulmineError("UNKNOWN_OPTION", `${owner} has no option \`${key}\`.`, { received, todo });
  }
  for (const [key, requirement] of Object.entries(requirements)) {
    const received: unknown = Reflect.get(options, key);
    if (safely(() => requirement.holds(received))) continue;
    const { words, todo } = requirement;
    throw new FulmineError("INVALID_OPTION", `\`${key}\`${place} must be ${words}.`, {
      received,
      ...(todo === undefined ? {} : { todo }),
    });
  }
}
