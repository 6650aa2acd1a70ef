import { parseArgs } from "node:util";
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

/**
 * Reads a command's flags.
 *
 * @throws UsageError for an unknown flag, a word that is no flag, and a value that is missing or not wanted.
 */
export function parseFlags(
  args: readonly string[],
  specs: FlagSpecs,
): Readonly<Record<string, string | boolean>> {
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
  for (const token of tokens) {
    if (token.kind === "positional") throw new UsageError(`Unexpected word: ${token.value}. ${allowed}`);
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
  return flags;
}

/** How a flag is written, e.g. `--tensorflow VERSION`. */
export function flagUsage(name: string, spec: FlagSpec): string {
  return spec.type === "boolean" ? `--${name}` : `--${name} ${spec.value}`;
}
