import { MetricStore } from "../loggers/metricStore.js";
import { RandomState } from "../random/randomState.js";

/** What moves on as a Trainer runs. */
export class TrainerState {
  /** The number of epochs that are behind. */
  currentEpoch = 0;
  /** The number of batches of the present epoch that are behind. */
  batchIdx = 0;
  /** The number of optimizer steps that are behind. */
  globalStep = 0;
  /** What of the present epoch is behind, beside its batches. */
  phase: "starting" | "training" | "trained" | "ended" = "starting";
  /** Whether held-out data is to be scored before anything else. */
  isValidationPending = false;
  /** Whether schedules that watch a metric wait for the last step's validation before they move. */
  isSchedulePending = false;
  /** Whether gradients are gathered that no optimizer has used yet. */
  isAccumulating = false;
  /** How many batches' gradients are averaged in one optimizer step. */
  accumulateGradBatches = 1;
  /** Told when the run is to end, while somebody waits for a batch. */
  whenStopped: (() => void) | null = null;
  #shouldStop = false;
  /** What the module logs. */
  metrics: MetricStore = new MetricStore();

  /** @param random - Where shuffles, dropout and other chance come from. */
  constructor(readonly random: RandomState) {}

  /** Whether the run is to end after the present batch. */
  get shouldStop(): boolean {
    return this.#shouldStop;
  }

  set shouldStop(shouldStop: boolean) {
    this.#shouldStop = shouldStop;
    if (shouldStop) this.whenStopped?.();
  }

  /** Runs something with metrics of its own, and puts metrics and chance back as they were. */
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

  /** Lets chance follow from a seed alone, whatever was drawn before; without a seed it goes on. */
  reseed(seed: number | undefined): void {
    if (seed !== undefined) this.random.restore(new RandomState(seed).snapshot());
  }

  /** Begins to count anew; the chance goes on. */
  reset(): void {
    this.currentEpoch = 0;
    this.batchIdx = 0;
    this.phase = "starting";
    this.isValidationPending = false;
    this.isSchedulePending = false;
    this.globalStep = 0;
    this.shouldStop = false;
    this.metrics = new MetricStore();
  }
}

/**
 * Whether a count that has grown from `before` to `now` has reached a multiple of `every`. Steps need not come one by one: a
 * batch takes several when its module optimizes manually.
 */
export function passesMultiple(before: number, now: number, every: number): boolean {
  return Math.floor(now / every) > Math.floor(before / every);
}
