import type { EpochRecord } from "../loggers/epochRecord.js";
import { MetricStore } from "../loggers/metricStore.js";
import { RandomState } from "../random/randomState.js";

/** The state that changes while a Trainer runs. */
export class TrainerState {
  /** Number of completed epochs. */
  currentEpoch = 0;
  /** Number of completed batches of the current epoch. */
  batchIdx = 0;
  /** Number of optimizer steps taken. */
  globalStep = 0;
  /** Progress within the current epoch, apart from its batches. */
  phase: "starting" | "training" | "trained" | "ended" = "starting";
  /** Whether a validation is due before anything else. */
  isValidationPending = false;
  /** Whether schedules that monitor a metric wait for the validation after the last step. */
  isSchedulePending = false;
  /** Whether accumulated gradients wait for an optimizer step. */
  isAccumulating = false;
  /** Whether the validation before training is running. */
  isSanityChecking = false;
  /** What the epochs have measured. */
  history: readonly EpochRecord[] = [];
  /** The learning rates at the start of the current epoch, by name. */
  epochRates: Readonly<Record<string, number>> = {};
  /** Number of batches whose gradients are averaged in one optimizer step. */
  accumulateGradBatches = 1;
  /** Called when the run is asked to stop; set while a loop waits for a batch. */
  whenStopped: (() => void) | null = null;
  #shouldStop = false;
  /** The metrics that the module logs. */
  metrics: MetricStore = new MetricStore();

  /** @param random - The source of all random numbers, e.g. for shuffling and dropout. */
  constructor(readonly random: RandomState) {}

  /** Whether the run is to stop after the current batch. */
  get shouldStop(): boolean {
    return this.#shouldStop;
  }

  set shouldStop(shouldStop: boolean) {
    this.#shouldStop = shouldStop;
    if (shouldStop) this.whenStopped?.();
  }

  /** Runs a function with metrics of its own, then restores the metrics and the random state. */
  async withScratchMetrics<T>(run: () => Promise<T>): Promise<T> {
    const { metrics } = this;
    const random = this.random.snapshot();
    this.metrics = new MetricStore();
    try {
      return await run();
    } finally {
      this.metrics.discard();
      this.metrics = metrics;
      this.random.restore(random);
    }
  }

  /** Restarts the random numbers from a seed; without a seed they continue. */
  reseed(seed: number | undefined): void {
    if (seed !== undefined) this.random.restore(new RandomState(seed).snapshot());
  }

  /** Resets the counters and metrics for a new fit; random numbers continue. */
  reset(): void {
    this.currentEpoch = 0;
    this.batchIdx = 0;
    this.phase = "starting";
    this.isValidationPending = false;
    this.isSchedulePending = false;
    this.globalStep = 0;
    this.history = [];
    this.epochRates = {};
    this.shouldStop = false;
    this.metrics = new MetricStore();
  }
}

/**
 * Whether a count that grew from `before` to `now` has reached a multiple of `every`. A count of steps may grow by more than
 * one, because a manually optimized batch may take several steps.
 */
export function passesMultiple(before: number, now: number, every: number): boolean {
  return Math.floor(now / every) > Math.floor(before / every);
}
