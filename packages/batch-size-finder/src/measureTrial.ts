import type { Trial } from "@fulmine/core";
import type { BatchSizeTrial } from "./batchSizeFinder.js";
import { peakBytes } from "./peakBytes.js";

/** Number of untimed steps: a compiled step is traced and compared with eager kernels in the first ones. */
const WARM_UP = 3;

/** The measurements at one batch size, and the size that the data gave. */
export interface Measured extends BatchSizeTrial {
  /** Number of examples per batch in the first step. */
  readonly examples: number;
}

/**
 * Measures peak memory in the first step, and the rate in `steps` steps after a warm-up.
 *
 * @param batches - Number of batches per step.
 */
export async function measureTrial(
  trial: Trial,
  batchSize: number,
  steps: number,
  batches: number,
): Promise<Measured> {
  const peak = await peakBytes(() => trial.step());
  const examples = trial.examples / batches;
  for (let step = 1; step < WARM_UP; step++) await trial.step();
  const rates: number[] = [];
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    await trial.step();
    rates.push((1000 * trial.examples) / Math.max(performance.now() - start, 1e-3));
  }
  return { batchSize, examples, examplesPerSecond: median(rates), peakBytes: peak };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? NaN, sorted[middle] ?? NaN];
  return (low + high) / 2;
}
