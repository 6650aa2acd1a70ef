import type { LadderMode } from "./curve.js";

/** A ladder: the list of learning rates of a sweep, from low to high. Each rate is a rung. */
export interface LadderOptions {
  /** The first rate. */
  readonly minLr: number;
  /** The last rate. */
  readonly maxLr: number;
  /** The number of rungs, at least 2. */
  readonly numTraining: number;
  readonly mode: LadderMode;
  /** The factor from each rung to the next, except to the last. If undefined, it follows from the number of rungs. */
  readonly growth?: number;
}

/**
 * Generates the learning rates of a sweep. With `r = k/(N-1)` the rate of rung k is `min·(max/min)^r` if exponential,
 * `min + (max-min)·r` if linear, and `min·growth^k` with a given growth. Both ends are exact.
 *
 * Source: L. Smith, "Cyclical Learning Rates for Training Neural Networks", 2017.
 */
export function* makeLadder({
  minLr,
  maxLr,
  numTraining,
  mode,
  growth,
}: LadderOptions): Generator<number, void, undefined> {
  for (let rung = 0; rung < numTraining - 1; rung++) {
    const ratio = rung / (numTraining - 1);
    if (growth !== undefined) yield minLr * growth ** rung;
    else yield mode === "exponential" ? interpolate(minLr, maxLr, ratio) : minLr + (maxLr - minLr) * ratio;
  }
  yield maxLr;
}

/** Geometric interpolation: `low` at ratio 0, `high` at ratio 1. */
function interpolate(low: number, high: number, ratio: number): number {
  const factor = high / low;
  // The factor overflows for a denormal `low` such as 1e-320.
  return Number.isFinite(factor)
    ? low * factor ** ratio
    : Math.exp((1 - ratio) * Math.log(low) + ratio * Math.log(high));
}

/** The number of rungs from `minLr` to `maxLr` with a given growth; the factor to the last rung may be smaller. */
export function rungsOfGrowth(minLr: number, maxLr: number, growth: number): number {
  const ratio = maxLr / minLr;
  const span = Number.isFinite(ratio) ? Math.log(ratio) : Math.log(maxLr) - Math.log(minLr);
  const factors = span / Math.log(growth);
  const rounded = Math.round(factors);
  // Without this, a rounding error could add a rung directly below the last one.
  return 1 + (Math.abs(factors - rounded) < 1e-9 * rounded ? rounded : Math.ceil(factors));
}
