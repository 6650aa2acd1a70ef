import { FulmineError } from "../errors/fulmineError.js";
import { isObject, type Validators } from "./validators.js";

/**
 * Checks that every option is known and valid.
 *
 * @param name - The owner of the options in messages, e.g. `"EarlyStopping"`; omitted for the Trainer.
 * @param todos - What to do about options that exist only elsewhere, by name.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function checkOptions(
  options: object,
  validators: Validators,
  name?: string,
  todos: Readonly<Record<string, string>> = {},
): void {
  const [owner, place] = name === undefined ? ["This Trainer", ""] : [`\`${name}\``, ` of \`${name}\``];
  for (const [key, received] of requireSettings(options, name)) {
    if (Object.hasOwn(validators, key)) continue;
    const todo =
      (Object.hasOwn(todos, key) ? todos[key] : undefined) ??
      `It takes: ${Object.keys(validators).join(", ")}.`;
    throw new FulmineError("UNKNOWN_OPTION", `${owner} has no option \`${key}\`.`, { received, todo });
  }
  for (const [key, { expected, test, todo, check }] of Object.entries(validators)) {
    const received: unknown = Reflect.get(options, key);
    if (safely(() => test(received))) {
      check?.(received);
      continue;
    }
    throw new FulmineError("INVALID_OPTION", `\`${key}\`${place} must be ${expected}.`, {
      received,
      ...(todo === undefined ? {} : { todo }),
    });
  }
}

/**
 * Merges options with their defaults and checks the result. Options that are `undefined` count as omitted.
 *
 * @param name - The owner of the options in messages.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function readOptions<Given extends object, Defaults extends object>(
  name: string,
  given: Given,
  defaults: Defaults,
  validators: Validators,
): Required<Pick<Given, keyof Given & keyof Defaults>> & Omit<Given, keyof Defaults> {
  const set = requireSettings(given, name).filter(([, value]) => value !== undefined);
  const options: object = { ...defaults, ...Object.fromEntries(set) };
  checkOptions(options, validators, name);
  return options as ReturnType<typeof readOptions<Given, Defaults>>;
}

/**
 * Checks the state of a callback that was read from a checkpoint.
 *
 * @throws FulmineError `INVALID_CHECKPOINT`, naming the field.
 */
export function requireState(name: string, state: unknown, validators: Validators): void {
  for (const [key, { expected, test }] of Object.entries(validators)) {
    const received: unknown =
      isObject(state) && Object.hasOwn(state, key) ? Reflect.get(state, key) : undefined;
    if (test(received)) continue;
    throw new FulmineError("INVALID_CHECKPOINT", `\`${key}\` of the saved \`${name}\` must be ${expected}.`, {
      received,
      todo: "Use another checkpoint: this one was changed.",
    });
  }
}

/**
 * The entries of an options object; each option is read only once.
 *
 * @param name - The owner of the options in messages; omitted for the Trainer.
 * @throws FulmineError `INVALID_OPTION` when `options` is no plain object, or a getter in it throws.
 */
export function requireSettings(options: unknown, name?: string): readonly (readonly [string, unknown])[] {
  const owner = name === undefined ? "The Trainer" : `\`${name}\``;
  // Arrays, maps and dates are objects too, but not options.
  if (!safely(() => Object.prototype.toString.call(options) === "[object Object]")) {
    throw new FulmineError("INVALID_OPTION", `${owner} takes its options as an object.`, {
      received: options,
      todo: "Pass them by their names in braces.",
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

/** The result of a test; `false` if it throws, e.g. because a getter or a Proxy does. */
export function safely(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false;
  }
}
