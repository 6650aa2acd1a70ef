import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { resultRow, type ResultRow } from "../results/resultTable.js";

/** The task of the rows that tell of memory. */
export const MEMORY_TASK = "50M weights";

/**
 * How much more memory a search takes at its peak than a fit of as many steps, and what it writes to disk; Linux only.
 *
 * Each is a process of its own, for what a process has once held it does not give back.
 */
export function searchMemory(rounds: number): ResultRow[] {
  const pairs = Array.from({ length: rounds }, () => ({ fit: measure("fit"), search: measure("search") }));
  return [
    resultRow(
      MEMORY_TASK,
      "peak of a fit / weights",
      pairs.map(({ fit }) => fit.peak),
    ),
    resultRow(
      MEMORY_TASK,
      "extra of a search / weights",
      pairs.map(({ fit, search }) => search.peak - fit.peak),
    ),
    resultRow(
      MEMORY_TASK,
      "written to disk by a search, MiB",
      pairs.map(({ search }) => search.written),
    ),
  ];
}

function measure(what: "fit" | "search"): { readonly peak: number; readonly written: number } {
  const program = fileURLToPath(new URL("memoryProgram.js", import.meta.url));
  const { stdout } = spawnSync(process.execPath, [program, what], { encoding: "utf8" });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { peak: number; written: number };
}
