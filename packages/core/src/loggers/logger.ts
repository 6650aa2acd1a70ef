import type { Files } from "../platform/platform.js";

/** Metrics by name. */
export type Metrics = Readonly<Record<string, number>>;

/** How a run ended: by its limits, by `trainer.stop()`, by an abort signal or Ctrl-C, or with an error. */
export type RunStatus = "finished" | "stopped" | "interrupted" | "failed";

/** The checkpoints that a `ModelCheckpoint` has saved; its properties change with each save. */
export interface SavedCheckpoints {
  /** Path of the best checkpoint; `""` if there is none. */
  readonly bestModelPath: string;
  /** Scores of the kept checkpoints by path. */
  readonly bestKModels: Readonly<Record<string, number>>;
  /** Path of `last.ckpt`; `""` if there is none. */
  readonly lastModelPath: string;
}

/**
 * Records metrics and hyperparameters, e.g. in a file or an experiment tracker.
 *
 * The Trainer awaits every call. A logger must not change its arguments.
 *
 * @example
 * ```ts
 * const lines: Logger = {
 *   logMetrics: (metrics, step) => console.log(step, metrics),
 *   logHyperparams: (hparams) => console.log(hparams),
 * };
 * ```
 */
export interface Logger {
  /** Logs metrics; `step` is the number of optimizer steps taken. */
  logMetrics(metrics: Metrics, step: number): void | Promise<void>;
  /** Logs all hyperparameters; called at the start of a run and after they have changed. */
  logHyperparams(hparams: Readonly<Record<string, unknown>>): void | Promise<void>;
  /** Logs a text, e.g. a generated sample. */
  logText?(name: string, text: string, step: number): void | Promise<void>;
  /** Logs the distribution of values, e.g. of a layer's weights. */
  logHistogram?(name: string, values: ArrayLike<number>, step: number): void | Promise<void>;
  /**
   * Logs a table, e.g. the curve of a learning-rate search.
   *
   * @param columns - Columns of equal length, by name; NaN for missing values.
   */
  logTable?(name: string, columns: Readonly<Record<string, readonly number[]>>): void | Promise<void>;
  /**
   * Logs an image, e.g. a figure.
   *
   * @param png - The bytes of a PNG file.
   */
  logImage?(name: string, png: Uint8Array, step: number): void | Promise<void>;
  /**
   * Called when a checkpoint has been saved, e.g. to upload it.
   *
   * @param path - The path of its file.
   * @param saved - All checkpoints of the `ModelCheckpoint`.
   * @param files - Reads the file.
   */
  afterSaveCheckpoint?(
    path: string,
    saved: SavedCheckpoints,
    files: Pick<Files, "read">,
  ): void | Promise<void>;
  /** Called by a new Trainer with all its loggers, e.g. to share a folder with them. */
  joinLoggers?(loggers: readonly Logger[]): void;
  /** Writes buffered data at the end of a run; the logger can be used again afterwards. */
  finalize?(status: RunStatus): void | Promise<void>;
}

/** Calls every logger in turn; an error of one is thrown after all have been called. */
export async function notifyLoggers(
  loggers: readonly Logger[],
  notify: (logger: Logger) => void | Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const logger of loggers) {
    try {
      await notify(logger);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/**
 * Runs a function, then finalizes every logger with the resulting status, or with `"failed"` after an error.
 *
 * @param reportSecondary - Reports an error of a logger after a failure; only the first error is thrown.
 */
export async function withFinalize<T extends { readonly status: RunStatus }>(
  loggers: readonly Logger[],
  reportSecondary: (where: string, error: unknown) => void,
  run: () => Promise<T>,
): Promise<T> {
  const finalize = (status: RunStatus): Promise<void> =>
    notifyLoggers(loggers, (logger) => logger.finalize?.(status));
  let result: T;
  try {
    result = await run();
  } catch (error) {
    await finalize("failed").catch((second: unknown) => reportSecondary("A logger's finalize", second));
    throw error;
  }
  await finalize(result.status);
  return result;
}
