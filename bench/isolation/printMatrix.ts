import type { Cost } from "./measureCost.js";

/** For each way to end, whether each thing was left as it was; null where that can't be asked. */
export type Matrix = Readonly<Record<string, Readonly<Record<string, boolean | null>>>>;

/** Prints a matrix with its columns numbered. */
export function printMatrix(title: string, matrix: Matrix, columns: readonly string[]): void {
  const rows = Object.entries(matrix);
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log(`\n${title}`);
  console.log(`${" ".repeat(width)}  ${columns.map((_, i) => String(i + 1).padStart(2)).join(" ")}`);
  for (const [name, row] of rows) {
    const marks = columns.map(
      (column) => ({ true: " ✓", false: " ✗", null: " ·" })[String(row[column] ?? null)] ?? " ?",
    );
    console.log(`${name.padEnd(width)}  ${marks.join(" ")}`);
  }
}

/** Prints what the finder itself costs. */
export function printCosts(backend: string, costs: readonly Cost[]): void {
  console.log(`\nThe finder's own cost on ${backend}`);
  for (const { task, measure, value, spread } of costs)
    console.log(
      `${task.padEnd(32)} ${measure.padEnd(28)} ${value.toPrecision(3)} (spread ${spread.toPrecision(2)})`,
    );
}
