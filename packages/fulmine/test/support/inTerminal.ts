import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** What is run in a terminal, and what is sent to it. */
export interface TerminalRun {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The first signal is sent `delay` seconds after this was printed. */
  readonly at: string;
  readonly delay: number;
  /** One every `delay` seconds; `HANGUP` closes the terminal. */
  readonly signals: readonly string[];
}

/** What a program printed on its terminal, and its exit status: the negative number of a signal that it died of. */
export interface TerminalEnd {
  readonly output: string;
  readonly status: number;
}

/** Runs a program in a terminal of its own, by Python, which has terminals built in. */
export async function inTerminal({ env, ...spec }: TerminalRun): Promise<TerminalEnd> {
  const program = join(import.meta.dirname, "terminal.py");
  const { stdout } = await promisify(execFile)("python3", [program, JSON.stringify(spec)], {
    env: { ...process.env, TERM: "xterm-256color", CI: "", NO_COLOR: "1", ...env },
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as TerminalEnd;
}
