import { FulmineError } from "../errors/fulmineError.js";
import { type Validators, isObject } from "./validators.js";

/**
 * Checks that settings are known and as they must be.
 *
 * @param name - Whose settings they are, for messages; left out, the Trainer's.
 * @param todos - What to do about settings that are unknown here but known elsewhere.
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the setting.
 */
export function checkOptions(
  options: object,
  requirements: Validators,
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
    if (safely(() => requirement.test(received))) continue;
    const { expected: words, todo } = requirement;
    throw new FulmineError("INVALID_OPTION", `\`${key}\`${place} must be ${words}.`, {
      received,
      ...(todo === undefined ? {} : { todo }),
    });
  }
}

/**
 * Lays what the user gave over the defaults, and checks it all.
 *
 * @param name - Whose settings they are, for messages.
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the setting.
 */
export function readOptions<Given extends object, Defaults extends object>(
  name: string,
  given: Given,
  defaults: Defaults,
  requirements: Validators,
): Required<Pick<Given, keyof Given & keyof Defaults>> & Omit<Given, keyof Defaults> {
  const set = requireSettings(given, name).filter(([, value]) => value !== undefined);
  const options: object = { ...defaults, ...Object.fromEntries(set) };
  checkOptions(options, requirements, name);
  return options as ReturnType<typeof readOptions<Given, Defaults>>;
}

/**
 * Checks the state that a checkpoint holds of a callback.
 *
 * @throws {@link FulmineError} `INVALID_CHECKPOINT`, naming the field.
 */
export function requireState(name: string, state: unknown, requirements: Validators): void {
  for (const [key, { expected: words, test: holds }] of Object.entries(requirements)) {
    const received: unknown =
      isObject(state) && Object.hasOwn(state, key) ? Reflect.get(state, key) : undefined;
    if (holds(received)) continue;
    throw new FulmineError("INVALID_CHECKPOINT", `\`${key}\` of the saved \`${name}\` must be ${words}.`, {
      received,
      todo: "Use another checkpoint: this one was changed.",
    });
  }
}

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

/** Whether a test of a value holds. It does not where the value can't even be looked at: a getter or a Proxy throws. */
export function safely(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false;
  }
}
