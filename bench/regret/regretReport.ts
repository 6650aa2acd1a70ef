import type { RegretRow } from "./regretOf.js";
import type { RegretTask } from "./regretTask.js";

/** The mean, median and worst gap of each of our rules and of each of the peers' on the same tasks, as a Markdown table. */
export function regretReport(rows: readonly RegretRow[], tasks: readonly RegretTask[]): string {
  const gaps = new Map<string, number[]>();
  const add = (name: string, gap: number): void => void gaps.set(name, [...(gaps.get(name) ?? []), gap]);
  for (const row of rows) add(row.rule, row.gap);
  const ours = new Set(gaps.keys());
  for (const { peers } of tasks)
    for (const [name, picks] of Object.entries(peers.peers)) for (const { gap } of picks) add(name, gap);
  const lines = [...gaps].map(([rule, own]) => {
    const sorted = own.toSorted((a, b) => a - b);
    const mean = own.reduce((sum, gap) => sum + gap, 0) / own.length;
    const numbers = [mean, sorted[Math.floor(own.length / 2)] ?? NaN, sorted.at(-1) ?? NaN];
    const steps = Math.max(0, ...rows.filter((row) => row.rule === rule).map((row) => row.steps)) || "";
    return [ours.has(rule) ? rule : `(${rule})`, ...numbers.map((gap) => gap.toFixed(3)), steps];
  });
  const table = [["rule", "mean", "median", "worst", "steps"], ["---", "---", "---", "---", "---"], ...lines];
  return [
    `${tasks.length} tasks; gap 0: as good as the grid's best rate, 1: as bad as not training. Peers in parentheses.`,
    table.map((line) => `| ${line.join(" | ")} |`).join("\n"),
  ].join("\n\n");
}
