import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The peers whose searches are timed. */
export const searchPeers = ["torch-lr-finder", "ignite", "Lightning", "fastai"] as const;

/** What is timed of bare PyTorch, or a peer's search. */
export type PeerMeasure = "step" | "products" | "loop" | (typeof searchPeers)[number];

/** A Python process that times steps of bare PyTorch on demand. */
export interface TorchPeer {
  readonly version: string;
  /** Times what `peers/speed.py` can, in milliseconds; nothing comes back for what this Python does not have. */
  time(task: string, measure: PeerMeasure, steps: number): Promise<number[]>;
  close(): void;
}

/** Starts PyTorch on so many threads; `null` when this Python does not have it. */
export async function startTorch(python: string, threads: number): Promise<TorchPeer | null> {
  const script = fileURLToPath(new URL("../../peers/speed.py", import.meta.url));
  // Some peers leave files where they run.
  const cwd = mkdtempSync(join(tmpdir(), "fulmine-bench-"));
  const child = spawn(python, [script, String(threads)], { cwd, stdio: ["pipe", "pipe", "ignore"] });
  child.on("close", () => rmSync(cwd, { recursive: true, force: true }));
  child.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<unknown> => {
    const line = await lines.next();
    return line.done === true ? null : (JSON.parse(line.value) as unknown);
  };
  const hello = (await read()) as { torch: string } | null;
  if (hello === null) return null;
  return {
    version: hello.torch,
    async time(task, measure, steps) {
      child.stdin.write(`${JSON.stringify({ task, measure, steps })}\n`);
      const answer = (await read()) as { ms: number[] } | null;
      if (answer === null) throw new Error("The Python peer has ended.");
      return answer.ms;
    },
    close: () => child.stdin.end(),
  };
}
