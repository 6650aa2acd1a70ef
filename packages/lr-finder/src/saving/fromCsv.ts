import { csvParseRows } from "d3-dsv";
import type { Curve, SweptOptimizer } from "../curve.js";
import type { RateTrial } from "../sweep/rateTrial.js";
import { decodeNumber } from "./savedNumber.js";
import { invalid, readSearch, saveSearch, type ReadSearch } from "./savedSearch.js";
import { COLUMNS, type Column } from "./toCsv.js";

/**
 * Reads a search that {@link toCsv} wrote.
 *
 * @throws {@link FulmineError} `INVALID_DATA`, naming the line and the column.
 */
export function fromCsv(text: string): ReadSearch {
  if (typeof (text as unknown) !== "string") throw invalid("it", "must be a text", text);
  const [header = [], ...lines] = csvParseRows(text.replace(/^\uFEFF/, "").trimEnd());
  const missing = COLUMNS.find((column) => !header.includes(column));
  if (missing !== undefined)
    throw invalid("the first line", `must name the column \`${missing}\``, header.join(","));
  const rows = lines.map((cells, line) => rowOf(header, cells, line + 2));
  const sweep = rows.filter(({ cell }) => cell("part") === "sweep");
  const [first] = sweep;
  if (first === undefined)
    throw invalid("it", "must have a row whose `part` is `sweep`", `${rows.length} others`);

  const list = (column: Column): number[] => sweep.map(({ number }) => number(column));
  const has = (column: Column): boolean => first.cell(column) !== "";
  const trials = trialsOf(rows);
  const results = {
    ...{ mode: first.cell("mode"), stopped: first.cell("stopped") },
    ...{ lr: list("lr"), loss: list("loss"), smoothed: list("smoothed") },
    ...(has("valLoss") ? { valLoss: list("valLoss") } : {}),
    ...(has("valSmoothed") ? { valSmoothed: list("valSmoothed") } : {}),
    ...(has("sweeps")
      ? { band: { sweeps: first.number("sweeps"), low: list("low"), high: list("high") } }
      : {}),
    ...(has("optimizer") ? { optimizer: optimizerOf(first) } : {}),
    ...(trials.length > 0 ? { trials } : {}),
  };
  const rules = first.cell("rules").split(" ").filter(Boolean);
  return readSearch({ ...saveSearch(results as Curve, []), rules });
}

function optimizerOf({ cell, number }: Row): SweptOptimizer {
  const swept = { name: cell("optimizer"), weights: number("weights") };
  return cell("momentum") === "" ? swept : { ...swept, momentum: number("momentum") };
}

/** A line of the text, by the names of its columns. */
interface Row {
  /** What a cell holds; empty where it holds nothing. */
  readonly cell: (column: Column) => string;
  /** The number in a cell. */
  readonly number: (column: Column) => number;
}

function rowOf(header: readonly string[], cells: readonly string[], line: number): Row {
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

function trialsOf(rows: readonly Row[]): RateTrial[] {
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
