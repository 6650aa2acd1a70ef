import { spawn } from "node:child_process";
import { join } from "node:path";

const bin = join(import.meta.dirname, "../../bin/fulmine.js");

/** The path of a training file in this folder. */
export const support = (name: string): string => join(import.meta.dirname, name);

/** The output and the exit status of a run. */
export interface CliRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/**
 * Runs the `fulmine` program in its own process.
 *
 * @param interruptAt - Sends Ctrl-C as soon as standard error contains this text.
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
