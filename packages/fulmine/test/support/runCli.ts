import { spawn } from "node:child_process";
import { join } from "node:path";

/** The program file of `fulmine`. */
export const bin = join(import.meta.dirname, "../../bin/fulmine.js");

/** The path of a training file in this folder. */
export const support = (name: string): string => join(import.meta.dirname, name);

/** The output and the exit status of a run. */
export interface ProgramRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

interface RunOptions {
  readonly cwd?: string;
  /** Sends Ctrl-C as soon as the program has printed this text. */
  readonly interruptAt?: string;
}

/** Runs Node in its own process. */
export async function runNode(
  args: readonly string[],
  { cwd, interruptAt }: RunOptions = {},
): Promise<ProgramRun> {
  const child = spawn(process.execPath, args, cwd === undefined ? {} : { cwd });
  let [stdout, stderr, isSent] = ["", "", false];
  const interrupt = (): void => {
    if (isSent || interruptAt === undefined || !(stdout + stderr).includes(interruptAt)) return;
    isSent = true;
    child.kill("SIGINT");
  };
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    interrupt();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    interrupt();
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { stdout, stderr, status };
}

/** Runs the `fulmine` program in its own process. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<ProgramRun> {
  return runNode([bin, ...args], options);
}
