/// <reference types="node" />
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { FulmineError } from "../../errors/fulmineError.js";
import { jsonValue } from "../../loggers/jsonValue.js";
import type { Logger, Metrics } from "../../loggers/logger.js";
import { AppendFile, repairLastLine, replaceFile, rejectReservedNames, withWriteErrors } from "./logFile.js";
import { FolderLogger, type RunFolderOptions } from "./folderLogger.js";

/**
 * Writes a run's metrics to `metrics.csv`, its hyperparameters to `hparams.json`, and each table to a CSV file of its name,
 * in a folder for each run.
 *
 * Each log is a row, with a column for the step and one for every metric; missing values are empty. A new metric adds a
 * column, for which the file is rewritten. A killed process loses at most the last rows.
 *
 * @throws FulmineError `UNKNOWN_OPTION` or `INVALID_OPTION`; before the first step `INVALID_OPTION` if the folder can't be
 * written.
 * @example
 * ```ts
 * const csv = new CsvLogger({ dir: "runs", name: "digits" });
 * await new Trainer({ logger: csv }).fit(model, data);
 * csv.folder; // "runs/digits/version_0"
 * ```
 */
export class CsvLogger extends FolderLogger implements Logger {
  #file: AppendFile | null = null;
  #columns: readonly string[] = [];

  constructor(options: RunFolderOptions) {
    super("CsvLogger", options);
  }

  logMetrics(metrics: Metrics, step: number): void {
    rejectReservedNames(metrics, ["step"]);
    const file = (this.#file ??= this.#open());
    const added = Object.keys(metrics).filter((name) => !this.#columns.includes(name));
    if (this.#columns.length === 0) added.unshift("step");
    if (added.length > 0) this.#widen(file, added);
    const row = { ...metrics, step };
    file.append(stringify([row], { columns: [...this.#columns].map((key) => ({ key })) }));
  }

  logHyperparams(hparams: Readonly<Record<string, unknown>>): void {
    this.#file ??= this.#open();
    replaceFile(join(this.folder, "hparams.json"), `${JSON.stringify(jsonValue({ ...hparams }), null, 2)}\n`);
  }

  logTable(name: string, columns: Readonly<Record<string, readonly number[]>>): void {
    rejectReservedNames({ [name]: NaN }, ["metrics"]);
    const lists = Object.values(columns);
    const rows = Array.from({ length: Math.max(0, ...lists.map(({ length }) => length)) }, (_, at) =>
      lists.map((list) => list[at]),
    );
    const file = join(this.folder, `${name.replaceAll(/[^\w.-]/g, "_")}.csv`);
    replaceFile(file, stringify([Object.keys(columns), ...rows]));
  }

  finalize(): void {
    this.#file?.flush();
  }

  #open(): AppendFile {
    const file = new AppendFile(join(this.folder, "metrics.csv"));
    // The last number of an incomplete row may be incomplete too.
    repairLastLine(file.path, () => false);
    const text = withWriteErrors(file.path, () => readFileSync(file.path, "utf8"));
    if (text === "") return file;
    const header = readCsvHeader(text);
    if (header?.names[0] !== "step") {
      throw new FulmineError(
        "INVALID_DATA",
        "The file was not written by a CsvLogger, so it is not added to.",
        {
          received: file.path,
          todo: "Give the logger another folder.",
        },
      );
    }
    this.#columns = header.names;
    return file;
  }

  /** Appends columns, so that existing rows only need commas. */
  #widen(file: AppendFile, added: readonly string[]): void {
    file.flush();
    const text = withWriteErrors(file.path, () => readFileSync(file.path, "utf8"));
    const rows = text.slice(readCsvHeader(text)?.end ?? 0);
    const columns = [...this.#columns, ...added];
    replaceFile(file.path, stringify([columns]) + rows.replaceAll(/\r?\n/g, `${",".repeat(added.length)}\n`));
    this.#columns = columns;
  }
}

/** The first record of a CSV file. */
export interface CsvHeader {
  /** The names of the columns. */
  readonly names: readonly string[];
  /** Index of the next record. */
  readonly end: number;
}

/** A field, quoted (with doubled quotes inside) or bare, and its separator. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n)/y;

/**
 * Reads the first record of a CSV file (RFC 4180), in which a quoted name may contain commas and line breaks.
 *
 * @returns The header; `null` if the text does not begin with a complete one.
 */
export function readCsvHeader(text: string): CsvHeader | null {
  const names: string[] = [];
  FIELD.lastIndex = 0;
  for (let match = FIELD.exec(text); match !== null; match = FIELD.exec(text)) {
    const [, quoted, bare, separator] = match;
    names.push(quoted?.replaceAll('""', '"') ?? bare ?? "");
    if (separator !== ",") return { names, end: match.index + match[0].length };
  }
  return null;
}
