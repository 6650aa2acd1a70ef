import { batchNoise } from "../rules/lossLevels.js";

/**
 * Makes a test for divergence: the smoothed loss exceeds `threshold` times its minimum.
 *
 * The first `untrained` losses never count as divergence. If they vary by more than `threshold`, the smoothed loss must also
 * exceed their maximum.
 *
 * A multiple of a minimum at or below zero is meaningless. In this case the loss has diverged if it has risen by
 * `threshold - 1` times the larger of its fall so far and the absolute value of its minimum.
 *
 * @param threshold - Greater than 1, or `null` to turn the test off.
 * @param untrained - The number of first losses, at rates too low to change the model.
 * @returns A function that takes the next smoothed and measured loss and returns whether the loss has diverged.
 */
export function makeDivergenceTest(
  threshold: number | null,
  untrained: number,
): (smoothed: number, measured: number) => boolean {
  const firstLosses: number[] = [];
  let first: number | null = null;
  let best = Infinity;
  let noise: number | null = null;
  return (smoothed, measured) => {
    first ??= smoothed;
    best = Math.min(best, smoothed);
    if (threshold === null) return false;
    if (firstLosses.length < untrained) {
      firstLosses.push(measured);
      return false;
    }
    noise ??= batchNoise(firstLosses, threshold);
    const scale = best > 0 ? best : Math.max(-best, first - best);
    return smoothed > Math.max(best + (threshold - 1) * scale, noise);
  };
}
