import { csvFormatRows } from "d3-dsv";
import type { Curve } from "../curve.js";
import type { RuleChoice } from "../rules/rules.js";
import { encodeNumber } from "./savedNumber.js";
import { saveSearch } from "./savedSearch.js";

/** The columns. Those at the end say the same in every row. */
export const COLUMNS = [
  ...["part", "run", "step", "lr", "loss", "smoothed", "valLoss", "valSmoothed", "low", "high"],
  ...["score", "mode", "stopped", "sweeps", "optimizer", "weights", "momentum", "rules"],
] as const;

/** The name of a column. */
export type Column = (typeof COLUMNS)[number];
type Row = Partial<Record<Column, string | number>>;

/**
 * A search as CSV: one row for each training step, with the same columns for the sweep (`part` is `sweep`) and for trials
 * (`trial`, numbered by `run`). What a row has no number for is empty.
 */
export function toCsv(curve: Curve, rules: readonly RuleChoice[]): string {
  const { mode, stopped, band, optimizer } = curve;
  const names = saveSearch(curve, rules).rules.join(" ");
  const same: Row = {
    ...{ mode, stopped, rules: names },
    ...(band === undefined ? {} : { sweeps: band.sweeps }),
    ...(optimizer === undefined ? {} : { optimizer: optimizer.name, weights: optimizer.weights }),
    ...(optimizer?.momentum === undefined ? {} : { momentum: optimizer.momentum }),
  };
  const sweep = curve.lr.map((lr, step): Row => ({
    ...{
      part: "sweep",
      run: 0,
      step,
      lr,
      ...at(step, "loss", curve.loss),
      ...at(step, "smoothed", curve.smoothed),
    },
    ...{ ...at(step, "valLoss", curve.valLoss), ...at(step, "valSmoothed", curve.valSmoothed) },
    ...{ ...at(step, "low", band?.low), ...at(step, "high", band?.high), ...same },
  }));
  const trials = (curve.trials ?? []).flatMap(({ lr, loss: losses, score }, run) =>
    losses.map((loss, step): Row => ({ part: "trial", run, step, lr, loss, score, ...same })),
  );
  const cells = [...sweep, ...trials].map((row) => COLUMNS.map((column) => cellOf(row[column])));
  return `${csvFormatRows([[...COLUMNS], ...cells])}\n`;
}

function at(step: number, name: keyof Row, values: readonly number[] | undefined): Row {
  const value = values?.[step];
  return value === undefined ? {} : { [name]: value };
}

function cellOf(value: string | number | undefined): string {
  return typeof value === "number" ? String(encodeNumber(value)) : (value ?? "");
}
