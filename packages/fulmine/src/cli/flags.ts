import { parseArgs } from "node:util";
import type { Operand } from "./command.js";
import { UsageError } from "./usageError.js";

/** A flag of a command: one that is there or not, or one that takes a value. */
export type FlagSpec =
  | { readonly type: "boolean"; readonly meaning: string }
  | { readonly type: "string"; readonly value: string; readonly meaning: string };

/** A command's flags by name, without dashes. */
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** What was given on the command line. */
export type Flags<Specs extends FlagSpecs> = {
  readonly [Name in keyof Specs]?: Specs[Name]["type"] extends "boolean" ? boolean : string;
};

/** A command line after the command's name, read but not yet understood. */
export interface ParsedLine {
  readonly flags: Readonly<Record<string, string | boolean>>;
  /** Empty for a command that takes none. */
  readonly operand: string;
}

/**
 * Reads a command's flags and its operand.
 *
 * @throws UsageError for an unknown flag, a word too many, a missing operand, and a value that is missing or not wanted.
 */
export function parseFlags(args: readonly string[], specs: FlagSpecs, operand?: Operand): ParsedLine {
  const allowed = `Allowed: ${Object.entries(specs)
    .map(([name, spec]) => flagUsage(name, spec))
    .join(", ")}.`;
  const options = Object.fromEntries(Object.entries(specs).map(([name, { type }]) => [name, { type }]));
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
        throw new UsageError(`Unexpected word: ${token.value}. ${allowed}`);
      words.push(token.value);
    }
    if (token.kind !== "option") continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (spec === undefined) throw new UsageError(`Unknown flag: ${token.rawName}. ${allowed}`);
    if (spec.type === "boolean") {
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

/** How a flag is written, e.g. `--tensorflow VERSION`. */
export function flagUsage(name: string, spec: FlagSpec): string {
  return spec.type === "boolean" ? `--${name}` : `--${name} ${spec.value}`;
}
