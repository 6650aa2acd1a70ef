import { basename, extname } from "node:path";
import { LrFinder } from "@fulmine/lr-finder";
import { csvParseRows } from "d3-dsv";
import type { JsonNumber, RunData, WatchedSearch } from "./watched.js";

/**
 * Reads a learning-rate search: a file of `finder.save` or `find-lr --out`, or the table that a `CsvLogger` writes.
 *
 * A saved search has its suggestion. A table has none, so a rate in the hyperparameters that lies in the sweep is marked.
 */
export function readSearchFile(path: string, text: string, hparams: RunData["hparams"]): WatchedSearch {
  const name = basename(path, extname(path));
  if (text.startsWith("lr,")) return readTable(name, text, hparams);
  const finder = path.endsWith(".csv") ? LrFinder.fromCsv(text) : LrFinder.fromJSON(text);
  const { lr, loss, smoothed } = finder.results;
  const found = finder.suggest();
  const mark = found.lr === null ? null : { lr: found.lr, label: `suggested by the rule ${found.rule}` };
  const isLog = finder.results.mode === "exponential";
  return { name, isLog, lr, loss: loss.map(jsonNumber), smoothed: smoothed.map(jsonNumber), mark };
}

function readTable(name: string, text: string, hparams: RunData["hparams"]): WatchedSearch {
  const [header = [], ...rows] = csvParseRows(text);
  const column = (of: string): number[] => {
    const at = header.indexOf(of);
    return rows.map((row) => (row[at] === undefined || row[at] === "" ? NaN : Number(row[at])));
  };
  const lr = column("lr");
  const [low = NaN, high = NaN] = [lr[0], lr.at(-1)];
  const rate = Object.entries(hparams).find(
    ([path, value]) => isRateName(path) && typeof value === "number" && value >= low && value <= high,
  );
  const mark = rate === undefined ? null : { lr: Number(rate[1]), label: `hparams.${rate[0]}` };
  return {
    ...{ name, isLog: isLogSpaced(lr), lr, mark },
    ...{ loss: column("loss").map(jsonNumber), smoothed: column("smoothed").map(jsonNumber) },
  };
}

/** Whether the distances of rates grow, as those of an exponential sweep do. */
function isLogSpaced(lr: readonly number[]): boolean {
  const [first = 0, second = 0] = lr;
  const [last = 0, before = 0] = [lr.at(-1), lr.at(-2)];
  return first > 0 && last - before > 1.5 * (second - first);
}

function isRateName(path: string): boolean {
  return /(?:^|\.)(?:lr|learningRate|learning_rate)$/.test(path);
}

function jsonNumber(value: number): JsonNumber {
  return Number.isFinite(value) ? value : null;
}
