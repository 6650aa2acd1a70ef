import { spawn } from "node:child_process";
import { FulmineError } from "@fulmine/core";
import { onSuddenEnd } from "@fulmine/core/node";

/** How a program is run. */
export interface RunOptions {
  /** Variables to add to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the program, and all it started, when aborted. */
  readonly signal?: AbortSignal;
  /** Called with each whole line of standard output. */
  readonly onLine?: (line: string) => void;
  /** Called about four times a second; the program is ended when it answers `false`. */
  readonly isAlive?: () => boolean;
}

/** What a program did. */
export interface RunResult {
  /** The exit status; `null` when it was ended by a signal or could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether `isAlive` gave it up. */
  readonly isGivenUp: boolean;
}

/**
 * Runs a program to its end and collects its output.
 *
 * @throws FulmineError `ABORTED` when `signal` ended it.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { signal, onLine, isAlive } = options;
  throwIfAborted(signal);
  // Its own process group, so that what it starts in turn (a compiler's passes) ends with it.
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const end = (): void => endGroup(child.pid);
  signal?.addEventListener("abort", end);
  const forget = onSuddenEnd(end);

  let isGivenUp = false;
  const watch = setInterval(() => {
    if (isAlive === undefined || isAlive()) return;
    isGivenUp = true;
    end();
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
    return { code, stdout, stderr, isGivenUp };
  } finally {
    clearInterval(watch);
    signal?.removeEventListener("abort", end);
    forget();
  }
}

/** Throws `ABORTED` when a signal has been aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new FulmineError("ABORTED", "The set-up was stopped.", {
      todo: "Run it again to go on from where it was.",
      cause: signal.reason,
    });
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It had ended by itself.
  }
}
