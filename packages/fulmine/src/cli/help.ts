import type { Command } from "./command.js";
import { flagUsage, type FlagSpecs } from "./flags.js";

/** The parts of a command that its help needs; unlike `Command`, the same for all. */
export type Described = Pick<Command, "name" | "summary" | "examples"> & { readonly flags: FlagSpecs };

/** The help of the whole program. */
export function programHelp(commands: readonly Described[]): string {
  return [
    "Usage: fulmine COMMAND [FLAGS]",
    section(
      "Commands",
      commands.map(({ name, summary }) => [name, summary] as const),
    ),
    section("Flags", [
      ["--help", "show this, or after a command that command's help"],
      ["--version", "show the version"],
    ]),
    section(
      "Examples",
      commands.flatMap(({ examples }) => examples),
    ),
  ].join("\n\n");
}

/** The help of one command. */
export function commandHelp({ name, summary, flags, examples }: Described): string {
  const usages = Object.entries(flags).map(([flag, spec]) => flagUsage(flag, spec));
  return [
    `Usage: fulmine ${name}${usages.map((usage) => ` [${usage}]`).join("")}`,
    `${summary}.`,
    section(
      "Flags",
      Object.entries(flags).map(([flag, spec]) => [flagUsage(flag, spec), spec.meaning] as const),
    ),
    section("Examples", examples),
  ].join("\n\n");
}

function section(title: string, rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`)].join("\n");
}
