import { spawn } from "node:child_process";
import { FulmineError } from "@fulmine/core";
import { onSuddenEnd } from "@fulmine/core/node";

/** Options of {@link runProcess}. */
export interface RunOptions {
  /** Environment variables to add to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the program and its child processes when aborted. */
  readonly signal?: AbortSignal;
  /** Called with each complete line of standard output. */
  readonly onLine?: (line: string) => void;
  /** Called four times a second; the program is killed when it returns `false`. */
  readonly isResponding?: () => boolean;
}

/** The result of a program. */
export interface RunResult {
  /** The exit status; `null` when a signal ended the program or it could not start. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether the program was killed because `isResponding` returned `false`. */
  readonly isTimedOut: boolean;
}

/**
 * Runs a program until it ends and collects its output.
 *
 * @throws FulmineError `ABORTED` when `signal` is aborted.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { signal, onLine, isResponding } = options;
  throwIfAborted(signal);
  // A process group of its own: killing the group also kills the program's children, such as a compiler's passes.
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const kill = (): void => killGroup(child.pid);
  signal?.addEventListener("abort", kill);
  const removeExitHandler = onSuddenEnd(kill);

  let isTimedOut = false;
  const poll = setInterval(() => {
    if (isResponding === undefined || isResponding()) return;
    isTimedOut = true;
    kill();
  }, 250);

  let stdout = "";
  let stderr = "";
  let line = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    const lines = (line + text).split(/[\r\n]/);
    line = lines.pop() ?? "";
    if (onLine !== undefined) lines.forEach(onLine);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));

  try {
    const code = await new Promise<number | null>((resolve) => {
      child.on("error", (error) => {
        stderr += error.message;
        resolve(null);
      });
      child.on("close", resolve);
    });
    throwIfAborted(signal);
    return { code, stdout, stderr, isTimedOut };
  } finally {
    clearInterval(poll);
    signal?.removeEventListener("abort", kill);
    removeExitHandler();
  }
}

/**
 * Throws if a signal is aborted.
 *
 * @throws FulmineError `ABORTED`.
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new FulmineError("ABORTED", "The set-up was aborted.", {
      todo: "Run it again to continue after the last finished step.",
      cause: signal.reason,
    });
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The process group has ended already.
  }
}
