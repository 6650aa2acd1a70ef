import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** The signals that ask a program to end. */
export const SIGNALS = [
  { name: "SIGINT", number: 2 },
  { name: "SIGTERM", number: 15 },
  { name: "SIGHUP", number: 1 },
] as const;

/** A program, and the signals that its terminal sends. */
export interface TerminalRun {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The first signal is sent `delay` seconds after the program has printed this text. */
  readonly at: string;
  readonly delay: number;
  /** One every `delay` seconds; `HANGUP` closes the terminal. */
  readonly signals: readonly string[];
}

/** A program's output, and its exit status: negative for a signal that ended the program. */
export interface TerminalEnd {
  readonly output: string;
  readonly status: number;
}

/** Runs a program in its own pseudo-terminal, which Python's standard library provides. */
export async function inTerminal({ env, ...spec }: TerminalRun): Promise<TerminalEnd> {
  const program = join(import.meta.dirname, "terminal.py");
  const { stdout } = await promisify(execFile)("python3", [program, JSON.stringify(spec)], {
    env: { ...process.env, TERM: "xterm-256color", CI: "", NO_COLOR: "1", ...env },
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as TerminalEnd;
}
