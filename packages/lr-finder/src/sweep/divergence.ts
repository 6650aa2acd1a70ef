import { greatestOf, leastOf } from "../curve/statistics.js";

/** A change of less than this part of the loss is no divergence; float32 losses are not much finer. */
const LEAST_PART = 1e-6;

/**
 * Makes a test for divergence: the smoothed loss has risen above its minimum by `threshold - 1` times its fall. A constant that is
 * added to the loss does not change the result. On a loss that falls from `x` to nearly 0, it has diverged above about
 * `(threshold - 1) · x`.
 *
 * If the first `untrained` losses differ by more than the loss has fallen, their difference takes the place of the fall; they
 * themselves never count as divergence.
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
  let spread: number | null = null;
  return (smoothed, measured) => {
    first ??= smoothed;
    best = Math.min(best, smoothed);
    if (threshold === null) return false;
    if (firstLosses.length < untrained) {
      firstLosses.push(measured);
      return false;
    }
    spread ??= firstLosses.length === 0 ? 0 : greatestOf(firstLosses) - leastOf(firstLosses);
    const scale = Math.max(first - best, spread, LEAST_PART * Math.abs(best));
    return smoothed > best + (threshold - 1) * scale;
  };
}
