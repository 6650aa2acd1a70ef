import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { resultRow, type ResultRow } from "../results/resultTable.js";

/** The task of the rows that tell of memory. */
export const MEMORY_TASK = "50M weights";

/**
 * How much memory a fit takes at its peak, a search beyond a fit of as many steps, and PyTorch's own training; and what a
 * search writes to disk. Linux only.
 *
 * Each is a process of its own, for what a process has once held it does not give back.
 *
 * @param python - A Python that has PyTorch; `null` leaves its row out.
 */
export function measureMemory(rounds: number, python: string | null): ResultRow[] {
  const all: Record<string, number[]> = {};
  const note = (measure: string, value: number): void => void (all[measure] ??= []).push(value);
  for (let round = 0; round < rounds; round++) {
    const fit = ours("fit", "sgd");
    const search = ours("search", "sgd");
    note("peak of a fit / weights", fit.peak);
    note("extra of a search / weights", search.peak - fit.peak);
    note("written to disk by a search, MiB", search.written ?? NaN);
    note("peak of a fit with Adam / weights", ours("fit", "adam").peak);
    if (python !== null) note("PyTorch's peak with Adam / weights", torchPeak(python));
  }
  return Object.entries(all).map(([measure, values]) => resultRow(MEMORY_TASK, measure, values));
}

interface Held {
  /** The most that the process held, in multiples of the weights' bytes. */
  readonly peak: number;
  /** What a search or fit wrote to disk, in MiB. */
  readonly written?: number;
}

function ours(what: "fit" | "search", optimizer: "sgd" | "adam"): Held {
  return lastLine(process.execPath, [pathOf("./memoryProgram.js"), what, optimizer]);
}

function torchPeak(python: string): number {
  return lastLine(python, [pathOf("../../peers/memory.py")]).peak;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** What a program says on its last line, in JSON. */
function lastLine(program: string, args: readonly string[]): Held {
  const { stdout } = spawnSync(program, args, { encoding: "utf8" });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Held;
}
