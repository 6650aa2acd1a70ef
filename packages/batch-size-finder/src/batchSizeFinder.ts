/** The measurements at one batch size. */
export interface BatchSizeTrial {
  readonly batchSize: number;
  /** Examples per second: the median over the timed steps. */
  readonly examplesPerSecond: number;
  /** The largest memory of all tensors during a step, in bytes. */
  readonly peakBytes: number;
}

/**
 * Why a search ended: the next batch would need more memory than allowed (`"memory"`), larger batches were not faster
 * (`"speed"`), the data has no larger batch (`"data"`), or `maxTrials` was reached (`"trials"`).
 */
export type BatchSizeStop = "memory" | "speed" | "data" | "trials";

/** The result of a batch-size search. */
export class BatchSizeFinder {
  /** The trials, sorted by batch size. */
  readonly trials: readonly BatchSizeTrial[];
  /** Why the search ended. */
  readonly reason: BatchSizeStop;
  readonly #tolerance: number;

  /** @param tolerance - The share of the highest rate that may be lost for a smaller batch. */
  constructor(trials: readonly BatchSizeTrial[], reason: BatchSizeStop, tolerance: number) {
    this.trials = [...trials].sort((one, other) => one.batchSize - other.batchSize);
    this.reason = reason;
    this.#tolerance = tolerance;
  }

  /** The smallest batch size whose rate is within the tolerance of the highest; `null` if no batch fits into memory. */
  suggestion(): number | null {
    const least = Math.max(...this.trials.map(rateOf)) * (1 - this.#tolerance);
    return this.trials.find((trial) => trial.examplesPerSecond >= least)?.batchSize ?? null;
  }

  /** A table of the trials, for people. */
  toString(): string {
    const suggestion = this.suggestion();
    const rows = this.trials.map(({ batchSize, examplesPerSecond, peakBytes }) =>
      [
        String(batchSize).padStart(10),
        examplesPerSecond.toFixed(0).padStart(14),
        (peakBytes / 2 ** 20).toFixed(1).padStart(10),
        batchSize === suggestion ? "  ←" : "",
      ].join(""),
    );
    return ["batch size    examples/s  peak MiB", ...rows, `Ended by: ${this.reason}.`].join("\n");
  }
}

const rateOf = ({ examplesPerSecond }: BatchSizeTrial): number => examplesPerSecond;
