import { counted } from "@fulmine/core/plugin";
import { csvFormatRows, csvParseRows } from "d3-dsv";
import type { Curve, RateTrial, SweptOptimizer } from "../curve/curve.js";
import type { RuleChoice } from "../rules/rules.js";
import { decodeNumber, encodeNumber } from "./savedSchema.js";
import { invalid, readSearch, saveSearch, type ReadSearch } from "./savedSearch.js";

/** The columns that every file has. The last ones have the same value in every row. */
const REQUIRED = [
  ...["part", "run", "step", "lr", "loss", "smoothed", "valLoss", "valSmoothed", "low", "high"],
  ...["score", "mode", "stopped", "sweeps", "optimizer", "weights", "momentum", "rules"],
] as const;
/** All columns; older files lack those that are added here. */
const COLUMNS = [...REQUIRED, "untrained", "effectiveWeights", "others"] as const;

type Column = (typeof COLUMNS)[number];
type Row = Partial<Record<Column, string | number>>;

/**
 * Converts a search to CSV with one row per training step. Rows of the sweep have the `part` `sweep`; rows of trials have the
 * `part` `trial` and the number of the trial in `run`. Missing values are empty cells.
 */
export function toCsv(curve: Curve, rules: readonly RuleChoice[]): string {
  const { mode, stopped, band, optimizer } = curve;
  const names = saveSearch(curve, rules).rules.join(" ");
  const same: Row = {
    ...{ mode, stopped, rules: names },
    ...(band === undefined ? {} : { sweeps: band.sweeps }),
    ...(optimizer === undefined ? {} : { optimizer: optimizer.name, weights: optimizer.weights }),
    ...(optimizer?.effectiveWeights === undefined ? {} : { effectiveWeights: optimizer.effectiveWeights }),
    ...(optimizer?.others === undefined ? {} : { others: optimizer.others }),
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
      ...at(step, "untrained", curve.untrained),
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

/**
 * Restores a search from CSV.
 *
 * @throws FulmineError `INVALID_DATA`, naming the line and the column.
 */
export function fromCsv(text: string): ReadSearch {
  if (typeof (text as unknown) !== "string") throw invalid("it", "must be a string", text);
  const [header = [], ...lines] = csvParseRows(text.replace(/^\uFEFF/, "").trimEnd());
  const missing = REQUIRED.find((column) => !header.includes(column));
  if (missing !== undefined)
    throw invalid("the first line", `must contain the column \`${missing}\``, header.join(","));
  const rows = lines.map((cells, line) => readRow(header, cells, line + 2));
  const sweep = rows.filter(({ cell }) => cell("part") === "sweep");
  const [first] = sweep;
  if (first === undefined)
    throw invalid("it", "must have a row whose `part` is `sweep`", counted(rows.length, "other row"));

  const list = (column: Column): number[] => sweep.map(({ number }) => number(column));
  const has = (column: Column): boolean => first.cell(column) !== "";
  const trials = readTrials(rows);
  const results = {
    ...{ mode: first.cell("mode"), stopped: first.cell("stopped") },
    ...{ lr: list("lr"), loss: list("loss"), smoothed: list("smoothed") },
    ...(has("untrained")
      ? {
          untrained: sweep
            .filter(({ cell }) => cell("untrained") !== "")
            .map(({ number }) => number("untrained")),
        }
      : {}),
    ...(has("valLoss") ? { valLoss: list("valLoss") } : {}),
    ...(has("valSmoothed") ? { valSmoothed: list("valSmoothed") } : {}),
    ...(has("sweeps")
      ? { band: { sweeps: first.number("sweeps"), low: list("low"), high: list("high") } }
      : {}),
    ...(has("optimizer") ? { optimizer: readOptimizer(first) } : {}),
    ...(trials.length > 0 ? { trials } : {}),
  };
  const rules = first.cell("rules").split(" ").filter(Boolean);
  return readSearch({ ...saveSearch(results as Curve, []), rules });
}

function readOptimizer({ cell, number }: CsvRow): SweptOptimizer {
  const optional = (column: "momentum" | "effectiveWeights" | "others"): Partial<SweptOptimizer> =>
    cell(column) === "" ? {} : { [column]: number(column) };
  return {
    ...{ name: cell("optimizer"), weights: number("weights") },
    ...optional("momentum"),
    ...optional("effectiveWeights"),
    ...optional("others"),
  };
}

/** A row of CSV by the names of its columns. */
interface CsvRow {
  /** The text of a cell; empty if the column is missing. */
  readonly cell: (column: Column) => string;
  /** The number of a cell. */
  readonly number: (column: Column) => number;
}

function readRow(header: readonly string[], cells: readonly string[], line: number): CsvRow {
  const cell = (column: Column): string => cells[header.indexOf(column)]?.trim() ?? "";
  return {
    cell,
    number: (column) => {
      const text = cell(column);
      const value = decodeNumber(text) ?? (text === "" ? null : decodeNumber(Number(text)));
      if (value !== null) return value;
      throw invalid(`\`${column}\` in line ${line}`, "must be a number", text);
    },
  };
}

function readTrials(rows: readonly CsvRow[]): RateTrial[] {
  const trials = new Map<number, { readonly lr: number; readonly loss: number[]; readonly score: number }>();
  for (const { cell, number } of rows) {
    if (cell("part") !== "trial") continue;
    const run = number("run");
    const trial = trials.get(run) ?? { lr: number("lr"), loss: [], score: number("score") };
    trial.loss.push(number("loss"));
    trials.set(run, trial);
  }
  return [...trials.values()];
}
