/// <reference types="node" />
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { jsonValue } from "../../loggers/jsonValue.js";
import type { Logger, Metrics } from "../../loggers/logger.js";
import { checkOptions } from "../../options/checkOptions.js";
import { text } from "../../options/validators.js";
import { AppendFile, repairLastLine, rejectReservedNames, withWriteErrors } from "./logFile.js";

/** The options of {@link JsonLinesLogger}. */
export interface JsonLinesLoggerOptions {
  /** Path of the file; an existing file is appended to. */
  readonly file: string;
}

/**
 * Writes one JSON object per line: `{"step":50,"time":"2026-01-31T12:00:00.000Z","train_loss":0.31}` for metrics,
 * `{"time":…,"hparams":{…}}` at the start of a run.
 *
 * Non-finite numbers become `"NaN"`, `"Infinity"` and `"-Infinity"`. A killed process loses at most the last lines.
 *
 * @throws FulmineError `UNKNOWN_OPTION` or `INVALID_OPTION`; before the first step `INVALID_OPTION` if the file can't be
 * written.
 * @example
 * ```ts
 * await new Trainer({ logger: new JsonLinesLogger({ file: "runs/digits.jsonl" }) }).fit(model, data);
 * ```
 */
export class JsonLinesLogger implements Logger {
  readonly #path: string;
  #file: AppendFile | null = null;

  constructor(options: JsonLinesLoggerOptions) {
    checkOptions(options, { file: text("the path of a file") }, "JsonLinesLogger");
    this.#path = options.file;
  }

  logMetrics(metrics: Metrics, step: number): void {
    rejectReservedNames(metrics, ["step", "time", "hparams", "name", "text"]);
    this.#write({ step, time: now(), ...metrics });
  }

  logHyperparams(hparams: Readonly<Record<string, unknown>>): void {
    this.#write({ time: now(), hparams: { ...hparams } });
    this.#file?.flush();
  }

  logText(name: string, text: string, step: number): void {
    this.#write({ step, time: now(), name, text });
  }

  finalize(): void {
    this.#file?.flush();
  }

  #write(line: Readonly<Record<string, unknown>>): void {
    this.#file ??= this.#open();
    this.#file.append(`${JSON.stringify(jsonValue(line))}\n`);
  }

  #open(): AppendFile {
    withWriteErrors(this.#path, () => {
      mkdirSync(dirname(this.#path), { recursive: true });
    });
    const file = new AppendFile(this.#path);
    repairLastLine(this.#path, isJson);
    return file;
  }
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function now(): string {
  return new Date().toISOString();
}
