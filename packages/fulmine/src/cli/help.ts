import type { Command } from "./command.js";
import { flagUsage, type FlagSpecs } from "./flags.js";

/** The parts of a command that its help needs; unlike `Command`, the same for all. */
export type Described = Pick<Command, "name" | "summary" | "operand" | "examples"> & {
  readonly flags: FlagSpecs;
};

const EXIT_STATUS = [
  ["0", "all went well"],
  ["1", "something failed"],
  ["2", "the command line is wrong"],
  ["3", "no learning rate was found (find-lr)"],
  ["130", "stopped by Ctrl-C; 143 by SIGTERM, 129 by SIGHUP"],
] as const;

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
    section("Exit status", EXIT_STATUS),
  ].join("\n\n");
}

/** The help of one command. */
export function commandHelp({ name, summary, operand, flags, examples }: Described): string {
  const rows = Object.entries(flags).map(([flag, spec]) => [flagUsage(flag, spec), spec.meaning] as const);
  const few = rows.length <= 4;
  const usage = few ? rows.map(([flag]) => ` [${flag}]`).join("") : " [FLAGS]";
  return [
    `Usage: fulmine ${name}${operand === undefined ? "" : ` ${operand.name}`}${usage}`,
    `${summary}.`,
    section("Flags", operand === undefined ? rows : [[operand.name, operand.meaning], ...rows]),
    section("Examples", examples),
    section("Exit status", EXIT_STATUS),
  ].join("\n\n");
}

function section(title: string, rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`)].join("\n");
}
