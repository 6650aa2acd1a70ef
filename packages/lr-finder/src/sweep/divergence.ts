import { batchNoise } from "../rules/batchNoise.js";

/**
 * Watches a smoothed loss for divergence: it has diverged when it exceeds `threshold` times the best so far.
 *
 * Where batches alone make losses differ as much, at rates too low to train, it must exceed all losses there as well; for
 * as long as these are being measured, what is noise can't be told, and nothing has diverged.
 *
 * Where the best is not positive a multiple of it says nothing; there the loss has diverged when it has risen by
 * `threshold - 1` times what it had fallen, or times the best's own size if that is more.
 *
 * @param threshold - More than 1; `null` never calls a loss diverged.
 * @param untrained - How many losses come first that are measured at rates too low to train.
 * @returns A function that takes the next smoothed loss and the measured one and says whether it has diverged.
 */
export function makeDivergenceWatch(
  threshold: number | null,
  untrained: number,
): (smoothed: number, measured: number) => boolean {
  const calm: number[] = [];
  let first: number | null = null;
  let best = Infinity;
  let noise: number | null = null;
  return (smoothed, measured) => {
    first ??= smoothed;
    best = Math.min(best, smoothed);
    if (threshold === null) return false;
    if (calm.length < untrained) {
      calm.push(measured);
      return false;
    }
    noise ??= batchNoise(calm, threshold);
    const scale = best > 0 ? best : Math.max(-best, first - best);
    return smoothed > Math.max(best + (threshold - 1) * scale, noise);
  };
}
