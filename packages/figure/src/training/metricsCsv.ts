import { FulmineError } from "@fulmine/core";
import { csvParseRows } from "d3-dsv";
import type { Measurement } from "./measurements.js";

/**
 * Reads the `metrics.csv` of a `CsvLogger`: a column for the step and one for each metric; missing values are empty.
 *
 * @throws FulmineError `INVALID_DATA` if it is none, naming the line and the column.
 */
export function readMetricsCsv(text: string): Measurement[] {
  const [names = [], ...rows] = csvParseRows(text);
  if (names[0] !== "step") {
    throw new FulmineError(
      "INVALID_DATA",
      "This is not the `metrics.csv` of a CsvLogger: its first column is not `step`.",
      {
        received: text.slice(0, 60),
        todo: "Pass the path of the file, or its text.",
      },
    );
  }
  return rows.map((row, index) => {
    const line = index + 2;
    if (row.length !== names.length)
      throw invalid(line, `has ${row.length} values for ${names.length} columns`, row.join());
    const step = numberOf(row[0] ?? "", line, "step");
    if (!Number.isFinite(step)) throw invalid(line, "has no number as `step`", row[0]);
    const metrics = names.flatMap((name, column): [string, number][] => {
      const cell = row[column] ?? "";
      return column === 0 || cell === "" ? [] : [[name, numberOf(cell, line, name)]];
    });
    return { at: step, values: Object.fromEntries(metrics) };
  });
}

function numberOf(cell: string, line: number, name: string): number {
  const value = cell.trim() === "" ? NaN : Number(cell);
  if (Number.isNaN(value) && cell !== "NaN") throw invalid(line, `has no number as \`${name}\``, cell);
  return value;
}

function invalid(line: number, what: string, received: unknown): FulmineError {
  return new FulmineError("INVALID_DATA", `Line ${line} of the metrics ${what}.`, { received });
}
