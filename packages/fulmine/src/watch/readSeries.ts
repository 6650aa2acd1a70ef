import { csvParseRows } from "d3-dsv";
import type { JsonNumber, Series } from "./watched.js";

/** The series that are being read. */
type Columns = Map<string, { steps: number[]; values: JsonNumber[] }>;

/** Reads the text of a `metrics.csv`. A last line without its end is still being written, so it is left out. */
export function readMetricsCsv(text: string): Readonly<Record<string, Series>> {
  const [header = [], ...rows] = csvParseRows(wholeLines(text));
  const columns: Columns = new Map();
  const [, ...names] = header;
  for (const [step, ...cells] of rows)
    names.forEach((name, at) => {
      const cell = cells[at] ?? "";
      if (cell !== "") add(columns, name, Number(step), Number(cell));
    });
  return inOrder(columns);
}

/** The fields of a line that are no metrics. */
const OTHER_FIELDS = ["step", "time", "name", "text"];

/** Reads the text of a `JsonLinesLogger`. */
export function readMetricLines(text: string): Readonly<Record<string, Series>> {
  const columns: Columns = new Map();
  for (const line of wholeLines(text).split("\n")) {
    const fields = parse(line);
    const { step } = fields;
    if (typeof step !== "number") continue;
    for (const [name, value] of Object.entries(fields))
      // The number of null would be 0.
      if (!OTHER_FIELDS.includes(name)) add(columns, name, step, value === null ? NaN : Number(value));
  }
  return inOrder(columns);
}

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

function add(columns: Columns, name: string, step: number, value: number): void {
  if (!Number.isFinite(step)) return;
  const column = columns.get(name) ?? { steps: [], values: [] };
  columns.set(name, column);
  const last = column.steps.length - 1;
  const sent = Number.isFinite(value) ? value : null;
  // A chart has one value for each step; a second fit with the same logger begins again.
  const at = (column.steps[last] ?? -Infinity) < step ? last + 1 : placeOf(column.steps, step);
  if (column.steps[at] === step) column.values[at] = sent;
  else {
    column.steps.splice(at, 0, step);
    column.values.splice(at, 0, sent);
  }
}

/** The index of the first step that is not below another. */
function placeOf(steps: readonly number[], step: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? Infinity) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function inOrder(columns: Columns): Readonly<Record<string, Series>> {
  return Object.fromEntries([...columns].sort(([a], [b]) => a.localeCompare(b, "en")));
}
