import { parseArgs } from "node:util";
import { UsageError, type FlagSpec, type FlagSpecs, type Operand } from "./command.js";

/** The parsed arguments of a command; the values are not validated yet. */
export interface ParsedLine {
  readonly flags: Readonly<Record<string, string | boolean>>;
  /** Empty for a command without an operand. */
  readonly operand: string;
}

/**
 * Parses a command's flags and operand.
 *
 * @throws UsageError for an unknown flag, a surplus argument, a missing operand, a missing value, or a value for a switch.
 */
export function parseFlags(args: readonly string[], specs: FlagSpecs, operand?: Operand): ParsedLine {
  const allowed = `Allowed: ${Object.entries(specs)
    .map(([name, spec]) => flagUsage(name, spec))
    .join(", ")}.`;
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { type }]) => [
      name,
      { type: type === "string" ? "string" : "boolean" } as const,
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const flags: Record<string, string | boolean> = {};
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (operand === undefined || words.length > 0)
        throw new UsageError(`Unexpected argument: ${token.value}. ${allowed}`);
      words.push(token.value);
    }
    if (token.kind !== "option") continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (spec === undefined) throw new UsageError(`Unknown flag: ${token.rawName}. ${allowed}`);
    if (spec.type === "optional" && token.value === undefined) {
      flags[token.name] = true;
    } else if (spec.type === "boolean") {
      if (token.value !== undefined) {
        throw new UsageError(`--${token.name} takes no value. Received: ${token.value}.`);
      }
      flags[token.name] = true;
    } else {
      if (token.value === undefined || token.value === "" || token.value.startsWith("-")) {
        throw new UsageError(`--${token.name} needs a value: ${flagUsage(token.name, spec)}.`);
      }
      flags[token.name] = token.value;
    }
  }
  const [word] = words;
  if (operand !== undefined && word === undefined)
    throw new UsageError(`${operand.name} is missing: ${operand.meaning}.`);
  return { flags, operand: word ?? "" };
}

/** The usage text of a flag, e.g. `--tensorflow VERSION`. */
export function flagUsage(name: string, spec: FlagSpec): string {
  if (spec.type === "boolean") return `--${name}`;
  return spec.type === "string" ? `--${name} ${spec.value}` : `--${name}[=${spec.value}]`;
}

/**
 * Parses the number that a flag was given, and returns it under the name of its option; an empty object without the flag.
 *
 * @throws UsageError when the text is no finite number.
 */
export function numberFlag<Name extends string>(
  option: Name,
  flag: string,
  text: string | undefined,
): Partial<Record<Name, number>> {
  if (text === undefined) return {};
  const number = Number(text);
  if (!Number.isFinite(number)) throw new UsageError(`--${flag} needs a number. Received: ${text}.`);
  const named: Partial<Record<Name, number>> = {};
  named[option] = number;
  return named;
}

/**
 * Like {@link numberFlag}, for an integer.
 *
 * @param least - The lowest number that is allowed.
 * @throws UsageError when the text is no such number.
 */
export function wholeFlag<Name extends string>(
  option: Name,
  flag: string,
  text: string | undefined,
  least = -Infinity,
): Partial<Record<Name, number>> {
  const parsed = numberFlag(option, flag, text);
  const number = parsed[option];
  if (number === undefined || (Number.isSafeInteger(number) && number >= least)) return parsed;
  const bound = least === -Infinity ? "" : ` of at least ${least}`;
  throw new UsageError(`--${flag} needs an integer${bound}. Received: ${String(text)}.`);
}

/**
 * Checks that a flag has one of the allowed values.
 *
 * @throws UsageError, naming them, when it has another.
 */
export function choiceFlag<Choice extends string>(
  flag: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  const choice = choices.find((each) => each === text);
  if (text === undefined || choice !== undefined) return choice;
  const [last = "", ...others] = choices.toReversed();
  throw new UsageError(`--${flag} must be ${others.toReversed().join(", ")} or ${last}. Received: ${text}.`);
}
