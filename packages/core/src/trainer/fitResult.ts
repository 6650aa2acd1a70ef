import type { Metrics } from "../loggers/logger.js";
import type { FitStatus } from "../loops/fit.js";

/** What came of a fit. */
export interface FitResult {
  /** How it ended. */
  readonly status: FitStatus;
  /** The number of epochs that were begun and ended. */
  readonly epochs: number;
  /** The number of optimizer steps. */
  readonly steps: number;
  /** The last value of every metric. */
  readonly metrics: Metrics;
}
