/// <reference types="node" />
import { FulmineError } from "../../errors/fulmineError.js";
import { flatHparams } from "../../loggers/jsonValue.js";
import type { Logger, Metrics, RunStatus } from "../../loggers/logger.js";
import { FolderLogger, type RunFolderOptions } from "../loggers/folderLogger.js";
import { EventFile } from "./eventFile.js";
import type { ProtoMessage } from "../protoMessage.js";
import {
  histogramValue,
  hparamsValue,
  imageValue,
  scalarValue,
  sessionEndValue,
  textValue,
} from "./summaryValues.js";

/**
 * Writes scalars, images, histograms, texts and hyperparameters for TensorBoard, in a folder for each run. Each column of a
 * table becomes a curve over its rows.
 *
 * Start TensorBoard with the folder of all runs: `tensorboard --logdir runs`. It shows the hyperparameters that a run logged
 * first. A killed process loses at most the last values.
 *
 * @throws FulmineError `UNKNOWN_OPTION` or `INVALID_OPTION`; before the first step `INVALID_OPTION` if the folder can't be
 * written; `INVALID_STEP` if a step is not an integer of at least 0.
 * @example
 * ```ts
 * const board = new TensorBoardLogger({ dir: "runs", name: "digits" });
 * await new Trainer({ logger: board }).fit(model, data);
 * board.logHistogram("kernel", await kernel.data(), 0);
 * board.finalize("finished");
 * ```
 */
export class TensorBoardLogger extends FolderLogger implements Logger {
  #file: EventFile | null = null;
  #hasSession = false;

  constructor(options: RunFolderOptions) {
    super("TensorBoardLogger", options);
  }

  logMetrics(metrics: Metrics, step: number): void {
    this.#append(
      step,
      Object.entries(metrics).map(([name, value]) => scalarValue(name, value)),
    );
  }

  logHyperparams(hparams: Readonly<Record<string, unknown>>): void {
    this.#append(0, [hparamsValue(flatHparams(hparams), Date.now() / 1000)]);
    this.#hasSession = true;
    this.#file?.flush();
  }

  logText(name: string, text: string, step: number): void {
    this.#append(step, [textValue(name, text)]);
  }

  logHistogram(name: string, values: ArrayLike<number>, step: number): void {
    this.#append(step, [histogramValue(name, values)]);
  }

  logTable(name: string, columns: Readonly<Record<string, readonly number[]>>): void {
    const rows = Math.max(0, ...Object.values(columns).map(({ length }) => length));
    for (let row = 0; row < rows; row++) {
      const measured = Object.entries(columns).flatMap(([column, values]) => {
        const value = values[row] ?? NaN;
        return Number.isNaN(value) ? [] : [scalarValue(`${name}/${column}`, value)];
      });
      if (measured.length > 0) this.#append(row, measured);
    }
  }

  logImage(name: string, png: Uint8Array, step: number): void {
    this.#append(step, [imageValue(name, png)]);
  }

  finalize(status: RunStatus): void {
    if (this.#hasSession) this.#append(0, [sessionEndValue(status, Date.now() / 1000)]);
    this.#hasSession = false;
    this.#file?.flush();
  }

  #append(step: number, values: readonly ProtoMessage[]): void {
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new FulmineError("INVALID_STEP", "TensorBoard needs a step that is an integer of at least 0.", {
        received: step,
      });
    }
    this.#file ??= new EventFile(this.folder);
    this.#file.append(step, values);
  }
}
