/**
 * Watches a smoothed loss for divergence: it has diverged when it exceeds `threshold` times the best so far.
 *
 * Where the best is not positive a multiple of it says nothing; there the loss has diverged when it has risen by
 * `threshold - 1` times what it had fallen, or times the best's own size if that is more.
 *
 * @param threshold - More than 1; `null` never calls a loss diverged.
 * @returns A function that takes the next smoothed loss and says whether it has diverged.
 */
export function makeDivergenceWatch(threshold: number | null): (smoothed: number) => boolean {
  let first: number | null = null;
  let best = Infinity;
  return (smoothed) => {
    first ??= smoothed;
    best = Math.min(best, smoothed);
    if (threshold === null) return false;
    const scale = best > 0 ? best : Math.max(-best, first - best);
    return smoothed > best + (threshold - 1) * scale;
  };
}
