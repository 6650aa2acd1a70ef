import { FulmineError } from "../errors/fulmineError.js";
import { safely } from "./safely.js";

/**
 * The settings that were given, by name, read once each.
 *
 * @param name - Whose settings they are, for messages; left out, the Trainer's.
 * @throws {@link FulmineError} `INVALID_OPTION` when they are no object of settings, or one of them can't be read.
 */
export function requireSettings(options: unknown, name?: string): readonly (readonly [string, unknown])[] {
  const owner = name === undefined ? "The Trainer" : `\`${name}\``;
  // A list, a map or a date has no settings, though it is an object.
  if (!safely(() => Object.prototype.toString.call(options) === "[object Object]")) {
    throw new FulmineError("INVALID_OPTION", `${owner} takes its options as an object.`, {
      received: options,
      todo: "Pass them by their names in braces, or leave them out.",
    });
  }
  try {
    return Object.entries(options as object);
  } catch (cause) {
    throw new FulmineError("INVALID_OPTION", `${owner} can't read its options: a getter of theirs throws.`, {
      todo: "Pass plain values by their names in braces.",
      cause,
    });
  }
}
