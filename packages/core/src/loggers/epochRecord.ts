import type { Metrics } from "./logger.js";

/** What an epoch of a fit measured. */
export interface EpochRecord {
  /** The number of the epoch, from 1. */
  readonly epoch: number;
  /** Number of optimizer steps at its end. */
  readonly steps: number;
  /**
   * The means of the epoch, each metric once, without values of single steps. The losses that the steps returned are among
   * them as `loss` and `val_loss`, unless the module logs them itself.
   */
  readonly metrics: Metrics;
  /** The learning rates at its start, by the names that `LearningRateMonitor` uses. */
  readonly lr: Readonly<Record<string, number>>;
}
