import type { LadderMode } from "../curve.js";

/** Where a ladder of learning rates begins and ends and how its rungs are spaced. */
export interface LadderOptions {
  readonly minLr: number;
  readonly maxLr: number;
  /** The number of rungs, at least 2. */
  readonly numTraining: number;
  readonly mode: LadderMode;
  /** The factor from each rung to the next but the last; left out, it follows from the number. */
  readonly growth?: number;
}

/**
 * The learning rates of a sweep: `min·(max/min)^(k/(N-1))`, or evenly spaced when linear, or `min·growth^k`; both ends are
 * exact (Smith 2017, "Cyclical Learning Rates for Training Neural Networks"). They are made one by one, as the sweep climbs.
 */
export function* makeLadder({
  minLr,
  maxLr,
  numTraining,
  mode,
  growth,
}: LadderOptions): Generator<number, void, undefined> {
  for (let rung = 0; rung < numTraining - 1; rung++) {
    const share = rung / (numTraining - 1);
    if (growth !== undefined) yield minLr * growth ** rung;
    else yield mode === "exponential" ? between(minLr, maxLr, share) : minLr + (maxLr - minLr) * share;
  }
  yield maxLr;
}

/** The rate that lies a share of the way from one to another, in equal factors. */
function between(low: number, high: number, share: number): number {
  const ratio = high / low;
  // From a rate such as 1e-320 to any usable one the ratio itself is beyond a number.
  return Number.isFinite(ratio)
    ? low * ratio ** share
    : Math.exp((1 - share) * Math.log(low) + share * Math.log(high));
}

/** How many rungs lead from `minLr` to `maxLr` when each is `growth` times the one before it, the last at most. */
export function rungsOfGrowth(minLr: number, maxLr: number, growth: number): number {
  const ratio = maxLr / minLr;
  const span = Number.isFinite(ratio) ? Math.log(ratio) : Math.log(maxLr) - Math.log(minLr);
  const factors = span / Math.log(growth);
  const whole = Math.round(factors);
  // Rounding must not put a rung right below the last.
  return 1 + (Math.abs(factors - whole) < 1e-9 * whole ? whole : Math.ceil(factors));
}
