import type { Logger } from "./logger.js";

/** Tells every logger something, one after the other; all are told before the first error of one is thrown. */
export async function tellLoggers(
  loggers: readonly Logger[],
  tell: (logger: Logger) => void | Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const logger of loggers) {
    try {
      await tell(logger);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
