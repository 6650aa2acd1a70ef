import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A Python process that times steps of bare PyTorch on demand. */
export interface TorchPeer {
  readonly version: string;
  /** Times a block of steps, in milliseconds each; `"loop"` gives the mean of a loop with a DataLoader. */
  time(task: string, measure: "step" | "loop", steps: number): Promise<number[]>;
  close(): void;
}

/** Starts PyTorch on so many threads; `null` when this Python does not have it. */
export async function startTorch(python: string, threads: number): Promise<TorchPeer | null> {
  const script = fileURLToPath(new URL("../../peers/speed.py", import.meta.url));
  const child = spawn(python, [script, String(threads)], { stdio: ["pipe", "pipe", "ignore"] });
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
    close: () => {
      child.stdin.end();
      void once(child, "exit");
    },
  };
}
