import { createRequire } from "node:module";
import { EXIT_STATUSES, type CommandDescription } from "./command.js";
import { flagUsage } from "./flags.js";

/** The version in this package's manifest. */
export function packageVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)("../../package.json");
  const version: unknown =
    typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "version") : null;
  return typeof version === "string" ? version : "unknown";
}

/** The help text of the program. */
export function programHelp(commands: readonly CommandDescription[]): string {
  return [
    "Usage: fulmine COMMAND [FLAGS]",
    section(
      "Commands",
      commands.map(({ name, summary }) => [name, summary] as const),
    ),
    section("Flags", [
      ["--help", "show this help, or after a command the help of that command"],
      ["--version", "show the version"],
    ]),
    section(
      "Examples",
      commands.flatMap(({ examples }) => examples),
    ),
    section("Exit status", EXIT_STATUSES),
  ].join("\n\n");
}

/** The help text of one command. */
export function commandHelp({ name, summary, operand, flags, examples }: CommandDescription): string {
  const rows = Object.entries(flags).map(([flag, spec]) => [flagUsage(flag, spec), spec.meaning] as const);
  const few = rows.length <= 4;
  const usage = few ? rows.map(([flag]) => ` [${flag}]`).join("") : " [FLAGS]";
  return [
    `Usage: fulmine ${name}${operand === undefined ? "" : ` ${operand.name}`}${usage}`,
    `${summary}.`,
    section("Flags", operand === undefined ? rows : [[operand.name, operand.meaning], ...rows]),
    section("Examples", examples),
    section("Exit status", EXIT_STATUSES),
  ].join("\n\n");
}

function section(title: string, rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`)].join("\n");
}
