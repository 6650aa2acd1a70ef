/** The positional argument of a command, e.g. the file that it reads. */
export interface Operand {
  /** The name in the usage line, e.g. `FILE`. */
  readonly name: string;
  readonly meaning: string;
}

/** A flag of a command: a switch, a flag with a value, or a switch that may have a value, as `--refine` and `--refine=600`. */
export type FlagSpec =
  | { readonly type: "boolean"; readonly meaning: string }
  | { readonly type: "string" | "optional"; readonly value: string; readonly meaning: string };

/** The flags of a command by name, without dashes. */
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** The values of flags by their types. */
interface FlagValues {
  readonly boolean: boolean;
  readonly string: string;
  readonly optional: true | string;
}

/** The flags that a command line gives. */
export type Flags<Specs extends FlagSpecs> = {
  readonly [Name in keyof Specs]?: FlagValues[Specs[Name]["type"]];
};

/** The parts of a command that its help shows. */
export interface CommandDescription {
  /** The word that calls the command. */
  readonly name: string;
  /** One line without a full stop. */
  readonly summary: string;
  /** Left out for a command without an operand. */
  readonly operand?: Operand;
  readonly flags: FlagSpecs;
  /** Command lines for the help, each with an explanation. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
}

/** One command of the `fulmine` program. */
export interface Command<Specs extends FlagSpecs = FlagSpecs> extends CommandDescription {
  readonly flags: Specs;
  /** Runs the command and returns the exit status. */
  run(flags: Flags<Specs>, operand: string): Promise<number>;
}

/** Declares a command; infers the types of `run`'s flags from the flag specifications. */
export function command<Specs extends FlagSpecs>(definition: Command<Specs>): Command<Specs> {
  return definition;
}

/** The exit statuses of the `fulmine` program and their meanings. */
export const EXIT_STATUSES = [
  ["0", "success"],
  ["1", "failure"],
  ["2", "invalid command line"],
  ["3", "no learning rate found (find-lr)"],
  ["130", "stopped by Ctrl-C; 143 by SIGTERM, 129 by SIGHUP"],
] as const;

/** An invalid command line; ends the program with status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The exit status of an interrupted program: 130, or the status that another signal than Ctrl-C has set. */
export function interruptedStatus(): number {
  const BY_CTRL_C = 130;
  return typeof process.exitCode === "number" ? process.exitCode : BY_CTRL_C;
}
