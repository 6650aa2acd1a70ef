import type { RegretRow } from "./regretOf.js";
import type { RegretTask } from "./regretTask.js";

/** Prints the mean, median and worst gap of each of our rules and of each of the peers' on the same tasks. */
export function printReport(rows: readonly RegretRow[], tasks: readonly RegretTask[]): void {
  const gaps = new Map<string, number[]>();
  const add = (name: string, gap: number): void => void gaps.set(name, [...(gaps.get(name) ?? []), gap]);
  for (const row of rows) add(row.rule, row.gap);
  const ours = new Set(gaps.keys());
  for (const { peers } of tasks)
    for (const [name, picks] of Object.entries(peers.peers)) for (const { gap } of picks) add(name, gap);
  console.log(`\n${tasks.length} tasks; gap 0: as good as the grid's best rate, 1: as bad as not training`);
  console.table(
    [...gaps].map(([rule, own]) => {
      const sorted = own.toSorted((a, b) => a - b);
      return {
        rule: ours.has(rule) ? rule : `(${rule})`,
        mean: round(own.reduce((sum, gap) => sum + gap, 0) / own.length),
        median: round(sorted[Math.floor(own.length / 2)] ?? NaN),
        worst: round(sorted.at(-1) ?? NaN),
        steps: Math.max(0, ...rows.filter((row) => row.rule === rule).map((row) => row.steps)) || "",
      };
    }),
  );
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
