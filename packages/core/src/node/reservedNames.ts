import { FulmineError } from "../errors/fulmineError.js";
import type { Metrics } from "../loggers/logger.js";

/**
 * Sees to it that no metric takes the place of a logger's own column.
 *
 * @throws {@link FulmineError} `INVALID_STEP` naming the metric.
 */
export function refuseReservedNames(metrics: Metrics, reserved: readonly string[]): void {
  const name = reserved.find((taken) => Object.hasOwn(metrics, taken));
  if (name === undefined) return;
  throw new FulmineError("INVALID_STEP", `A metric can't be called \`${name}\`: the logger writes its own.`, {
    todo: `Log it under another name, e.g. \`my_${name}\`.`,
  });
}
