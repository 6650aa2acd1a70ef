import { spawn } from "node:child_process";
import { join } from "node:path";

const bin = join(import.meta.dirname, "../../../bin/fulmine.js");

/** A file that a command is given. */
export const support = (name: string): string => join(import.meta.dirname, name);

/** What a run of the program printed, and how it ended. */
export interface CliRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/**
 * Runs the `fulmine` program as a person would.
 *
 * @param interruptAt - Sends it Ctrl-C when it has printed this on standard error.
 */
export async function runCli(
  args: readonly string[],
  { cwd, interruptAt }: { readonly cwd?: string; readonly interruptAt?: string } = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [bin, ...args], cwd === undefined ? {} : { cwd });
  let [stdout, stderr, isSent] = ["", "", false];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    if (isSent || interruptAt === undefined || !stderr.includes(interruptAt)) return;
    isSent = true;
    child.kill("SIGINT");
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { stdout, stderr, status };
}
