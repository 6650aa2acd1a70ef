import { FulmineError, type EpochRecord, type HistoryLogger } from "@fulmine/core";
import { readText } from "#platform";
import { readMetricsCsv } from "./metricsCsv.js";
import type { TrainingData } from "./trainingData.js";

/** What an epoch measured, as in the history of `fit`. */
export type EpochMeasurement = Pick<EpochRecord, "epoch" | "metrics"> & Partial<EpochRecord>;

/**
 * What a figure of a run is drawn from: the result of `fit` or its history, a `HistoryLogger`, or the `metrics.csv` of a
 * `CsvLogger` as a path or as its text.
 */
export type TrainingSource =
  | { readonly history: readonly EpochMeasurement[] }
  | readonly EpochMeasurement[]
  | Pick<HistoryLogger, "rows">
  | HistoryLogger["rows"]
  | string;

/** What was measured at an epoch or a step. */
export interface Measurement {
  readonly at: number;
  readonly values: Readonly<Record<string, number>>;
}

/** What was measured in a run, and what `at` counts. */
export interface Measurements extends Pick<TrainingData, "unit"> {
  readonly rows: readonly Measurement[];
}

/**
 * Reads the measurements of a run.
 *
 * @throws FulmineError `INVALID_DATA` if the source is none, `UNAVAILABLE` if its file can't be read.
 */
export function measurementsOf(source: unknown): Measurements {
  if (typeof source === "string") {
    const text = source.includes("\n") ? source : readText(source);
    return { unit: "step", rows: readMetricsCsv(text) };
  }
  const rows = listOf(source);
  const isByEpoch = rows.every((row) => isObject(row) && "epoch" in row);
  return { unit: isByEpoch ? "epoch" : "step", rows: rows.map((row) => rowOf(row, isByEpoch)) };
}

function listOf(source: unknown): readonly unknown[] {
  if (Array.isArray(source)) return source;
  for (const name of ["history", "rows"])
    if (isObject(source) && Array.isArray(source[name])) return source[name];
  throw new FulmineError("INVALID_DATA", "A figure of a run needs what the run has measured.", {
    received: source,
    todo: "Pass the result of `fit`, a HistoryLogger, or the path of a CsvLogger's metrics.csv.",
  });
}

function rowOf(row: unknown, isByEpoch: boolean): Measurement {
  const at = isObject(row) ? row[isByEpoch ? "epoch" : "step"] : undefined;
  if (!isObject(row) || typeof at !== "number" || !Number.isFinite(at) || !isObject(row["metrics"]))
    throw new FulmineError("INVALID_DATA", "A row of a history needs its step or epoch, and its metrics.", {
      received: row,
    });
  const all = { ...row["metrics"], ...(isObject(row["lr"]) ? row["lr"] : {}) };
  return {
    at,
    values: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, numberOf(name, value)])),
  };
}

/** A value of a metric; JSON has null for NaN and infinities. */
function numberOf(name: string, value: unknown): number {
  if (value === null) return NaN;
  if (typeof value === "number") return value;
  throw new FulmineError("INVALID_DATA", `\`${name}\` of a history is not a number.`, { received: value });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
