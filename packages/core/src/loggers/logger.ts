/** Metrics by name. */
export type Metrics = Readonly<Record<string, number>>;

/** How a run came to its end. */
export type RunStatus = "finished" | "stopped" | "interrupted" | "failed";

/**
 * Somewhere that a run's numbers go: a file, a tracker, memory.
 *
 * A Trainer awaits each call before it goes on. Loggers must not change what they are given.
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
  /** Takes the metrics of an optimizer step, counted from 0 over the whole run. */
  logMetrics(metrics: Metrics, step: number): void | Promise<void>;
  /** Takes all hyperparameters, at the start of a run and whenever they have changed. */
  logHyperparams(hparams: Readonly<Record<string, unknown>>): void | Promise<void>;
  /** Takes a text, such as a sample that a net made or a note. */
  logText?(name: string, text: string, step: number): void | Promise<void>;
  /** Takes many numbers of which the distribution is of interest, such as a layer's weights. */
  logHistogram?(name: string, values: ArrayLike<number>, step: number): void | Promise<void>;
  /**
   * Takes what was measured at once rather than step by step, such as a search's curve.
   *
   * @param columns - As many numbers in each; NaN where nothing was measured.
   */
  logTable?(name: string, columns: Readonly<Record<string, readonly number[]>>): void | Promise<void>;
  /**
   * Takes a picture, such as a figure.
   *
   * @param png - The bytes of a PNG file.
   */
  logImage?(name: string, png: Uint8Array, step: number): void | Promise<void>;
  /** Writes out what is still held back, at the end of a run; the logger can be used again afterwards. */
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
