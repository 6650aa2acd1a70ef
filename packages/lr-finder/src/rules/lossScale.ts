import type { Rung } from "../curve/curve.js";
import { leastOf, meanOf, median, twoSidedMean } from "../curve/statistics.js";
import { untrainedRungs } from "./lossLevels.js";

/** The smoothing factor of the mean without lag, for rungs SPACING decades apart; its window is about half a decade. */
const BETA = 0.7;
const SPACING = 7 / 99;
/** A rise counts at most this many times the scale, so that a single spike has little weight. */
const MOST_RISE = 4;

/** How much the loss changes in a sweep. It does not depend on a constant that is added to the loss. */
export interface LossScale {
  /** The scale: the fall of the smoothed loss, or the spread between batches if that is larger. It is 0 on a constant loss. */
  readonly scale: number;
  /** Whether the fall is larger than the spread between batches. */
  readonly isClear: boolean;
  /** For each rung, how far the smoothed loss is above that of the untrained model; negative where it has fallen. */
  readonly rises: readonly number[];
}

/**
 * Measures how much the loss changes.
 *
 * All of it is relative to the same mean of the first losses, so that batches of which a few have a loss far above the others do
 * not look like a rise. The spread is the median distance from the median, which such batches hardly change.
 */
export function lossScale(rungs: readonly Rung[]): LossScale {
  const measured = rungs.map((rung) => rung.measured);
  const first = measured.slice(0, untrainedRungs(measured.length));
  const level = median(first);
  const spread = median(first.map((loss) => Math.abs(loss - level)));
  // The mean without lag looks ahead, so that it must not see the height of an explosion; the smoothed loss does not look ahead.
  const limitedBy = (size: number): number[] =>
    measured.map((loss) => Math.min(loss - level, MOST_RISE * Math.max(size, spread, 0)));
  const lagging = level - leastOf(rungs.map(({ loss }) => loss));
  const fall = -leastOf(withoutLag(rungs, limitedBy(lagging)));
  const scale = Math.max(fall, spread, 0);
  const limited = limitedBy(fall);
  const start = meanOf(limited.slice(0, first.length));
  const rises = withoutLag(rungs, limited).map((rise) => rise - start);
  return { scale, isClear: fall > spread, rises };
}

/** The rung at which half of the fall to the lowest loss is done; undefined if the fall is not clear. */
export function halfwayRung(rungs: readonly Rung[], { isClear, rises }: LossScale): Rung | undefined {
  const bottom = leastOf(rises);
  if (!isClear || bottom >= 0) return undefined;
  const before = rises.slice(0, rises.indexOf(bottom)).findLastIndex((rise) => rise > bottom / 2);
  return rungs[before + 1];
}

/** Smooths values of rungs by a mean that does not lag. */
function withoutLag(rungs: readonly Rung[], values: readonly number[]): number[] {
  const decades = Math.log10((rungs.at(-1)?.lr ?? NaN) / (rungs[0]?.lr ?? NaN));
  return twoSidedMean(values, BETA ** (decades / (rungs.length - 1) / SPACING));
}
