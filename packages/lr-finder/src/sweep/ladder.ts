import type { LadderMode } from "../curve.js";

/** Where a ladder of learning rates begins and ends and how its rungs are spaced. */
export interface LadderOptions {
  readonly minLr: number;
  readonly maxLr: number;
  /** The number of rungs, at least 2. */
  readonly numTraining: number;
  readonly mode: LadderMode;
}

/**
 * The learning rates of a sweep: `min·(max/min)^(k/(N-1))`, or evenly spaced when linear; both ends are exact
 * (Smith 2017, "Cyclical Learning Rates for Training Neural Networks").
 */
export function makeLadder({ minLr, maxLr, numTraining, mode }: LadderOptions): number[] {
  return Array.from({ length: numTraining }, (_, rung) => {
    if (rung === numTraining - 1) return maxLr;
    const share = rung / (numTraining - 1);
    return mode === "exponential" ? minLr * (maxLr / minLr) ** share : minLr + (maxLr - minLr) * share;
  });
}
