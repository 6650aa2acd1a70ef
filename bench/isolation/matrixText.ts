import type { Cost } from "./measureCost.js";

/** For each way to end, whether each thing was left as it was; null where that can't be asked. */
export type Matrix = Readonly<Record<string, Readonly<Record<string, boolean | null>>>>;

/** A matrix as text, with its columns numbered. */
export function matrixText(title: string, matrix: Matrix, columns: readonly string[]): string {
  const rows = Object.entries(matrix);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, row]) => {
    const marks = columns.map(
      (column) => ({ true: " ✓", false: " ✗", null: " ·" })[String(row[column] ?? null)] ?? " ?",
    );
    return `${name.padEnd(width)}  ${marks.join(" ")}`;
  });
  const head = `${" ".repeat(width)}  ${columns.map((_, i) => String(i + 1).padStart(2)).join(" ")}`;
  return [title, head, ...lines].join("\n");
}

/** What the finder itself costs, as text. */
export function costsText(backend: string, costs: readonly Cost[]): string {
  const lines = costs.map(
    ({ task, measure, value, spread }) =>
      `${task.padEnd(32)} ${measure.padEnd(28)} ${value.toPrecision(3)} (spread ${spread.toPrecision(2)})`,
  );
  return [`The finder's own cost on ${backend}`, ...lines].join("\n");
}
