import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The outcome of a set-up in another process. */
export interface SetupRun {
  readonly code: number | null;
  readonly signal: string | null;
  /** The phases that occurred, in order. */
  readonly phases: readonly string[];
  readonly isFresh: boolean;
  readonly error: string;
}

/** Runs `setupNative` in another process; `onPhase` may end that process at the start of a phase. */
export async function runSetup(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly onPhase?: (phase: string, child: ChildProcess) => void;
  } = {},
): Promise<SetupRun> {
  const program = fileURLToPath(new URL("./setupProgram.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", "--conditions=@fulmine/source", program], {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  const phases: string[] = [];
  let isFresh = false;
  let error = "";
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [word, value = ""] = line.split(" ");
      if (word === "fresh") isFresh = value === "true";
      if (word !== "phase" || phases.at(-1) === value) continue;
      phases.push(value);
      options.onPhase?.(value, child);
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (error += text));
  await closed;
  return { code: child.exitCode, signal: child.signalCode, phases, isFresh, error };
}
