import { FulmineError } from "../fulmineError.js";

/**
 * The settings that were given, by name, read once each.
 *
 * @param name - Whose settings they are, for messages; left out, the Trainer's.
 * @throws {@link FulmineError} `INVALID_OPTION` when they are no object of settings, or one of them can't be read.
 */
export function requireSettings(options: unknown, name?: string): readonly (readonly [string, unknown])[] {
  const owner = name === undefined ? "The Trainer" : `\`${name}\``;
  if (!isSettings(options)) {
    throw new FulmineError("INVALID_OPTION", `${owner} takes its options as an object.`, {
      received: options,
      todo: "Pass them by their names in braces, or leave them out.",
    });
  }
  try {
    return Object.entries(options);
  } catch (cause) {
    throw new FulmineError("INVALID_OPTION", `${owner} can't read its options: a getter of theirs throws.`, {
      cause,
    });
  }
}

/** A list, a map or a date has no settings, though it is an object. */
function isSettings(options: unknown): options is object {
  try {
    return Object.prototype.toString.call(options) === "[object Object]";
  } catch {
    return false;
  }
}
