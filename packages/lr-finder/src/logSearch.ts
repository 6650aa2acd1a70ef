import { consoleDisplay, FulmineError, type Logger } from "@fulmine/core";
import type { Curve } from "./curve.js";
import type { LrFigure } from "./lrFigure.js";

/** How a search is logged. */
export interface LogSearchOptions {
  /** What it is called there. @defaultValue "lr_find" */
  readonly name?: string;
  /** The step at which its figure is filed. @defaultValue 0 */
  readonly step?: number;
  /** Told when a logger takes pictures and none can be drawn. @defaultValue a warning on the console */
  readonly warn?: (text: string) => void;
}

/** Trackers show pictures small, side by side. */
const SIZE = { width: 400, height: 280 } as const;

/** Hands a search to those loggers that take tables, and its figure to those that take pictures. */
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
    throw new FulmineError("INVALID_OPTION", "A search can be logged to loggers only.", {
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
