import { consoleDisplay, FulmineError, type Logger } from "@fulmine/core";
import type { Curve } from "../curve/curve.js";
import type { LrFigure } from "../figure/lrFigure.js";

/** The options for logging a search. */
export interface LogSearchOptions {
  /** The name of the table; the image is named `NAME/figure`. @defaultValue "lr_find" */
  readonly name?: string;
  /** The step of the image. @defaultValue 0 */
  readonly step?: number;
  /** Called if a logger accepts images but no PNG can be drawn. @defaultValue a warning on the console */
  readonly warn?: (text: string) => void;
}

/** In pixels. Experiment trackers show small images side by side. */
const SIZE = { width: 400, height: 280 } as const;

/**
 * Logs a curve to loggers with `logTable`, and its figure to loggers with `logImage`.
 *
 * @throws FulmineError `INVALID_OPTION` if a value is not a logger.
 */
export async function logSearch(
  curve: Curve,
  plot: () => Promise<LrFigure>,
  loggers: readonly Logger[],
  { name = "lr_find", step = 0, warn = (text) => consoleDisplay().warn(text) }: LogSearchOptions,
): Promise<void> {
  const odd = loggers.findIndex(
    (logger) => typeof (logger as Partial<Logger> | null)?.logMetrics !== "function",
  );
  if (odd >= 0) {
    throw new FulmineError("INVALID_OPTION", "A search can only be logged to loggers.", {
      received: loggers[odd],
      todo: "Pass a logger such as `new CsvLogger()`, or a list of them.",
    });
  }
  for (const logger of loggers) await logger.logTable?.(name, columnsOf(curve));
  if (!loggers.some((logger) => logger.logImage !== undefined)) return;
  let png: Uint8Array;
  try {
    png = await (await plot()).toPng({ ...SIZE, warn });
  } catch (error) {
    if (!(error instanceof FulmineError) || error.code !== "UNAVAILABLE") throw error;
    warn(`The search is logged without its figure. ${error.message}`);
    return;
  }
  for (const logger of loggers) await logger.logImage?.(`${name}/figure`, png, step);
}

function columnsOf({
  lr,
  loss,
  smoothed,
  valLoss,
  valSmoothed,
  band,
}: Curve): Record<string, readonly number[]> {
  return {
    ...{ lr, loss, smoothed },
    ...(valLoss === undefined ? {} : { val_loss: valLoss }),
    ...(valSmoothed === undefined ? {} : { val_smoothed: valSmoothed }),
    ...(band === undefined ? {} : { low: band.low, high: band.high }),
  };
}
