import type { Flags, FlagSpecs } from "./flags.js";

/** The one word that a command takes beside its flags, e.g. the file that it works on. */
export interface Operand {
  /** How it stands in the usage, e.g. `FILE`. */
  readonly name: string;
  readonly meaning: string;
}

/** One command of the `fulmine` program. */
export interface Command<Specs extends FlagSpecs = FlagSpecs> {
  /** The word that calls it. */
  readonly name: string;
  /** What it does, in one line without a full stop. */
  readonly summary: string;
  /** Left out where there is none. */
  readonly operand?: Operand;
  readonly flags: Specs;
  /** Command lines worth showing, each with what it does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Does it, and answers with the exit status. */
  run(flags: Flags<Specs>, operand: string): Promise<number>;
}

/** Declares a command, so that `run` gets flags of the types that its specs say. */
export function command<Specs extends FlagSpecs>(definition: Command<Specs>): Command<Specs> {
  return definition;
}
