import { readRungs, type Curve, type Rung } from "../../curve/curve.js";
import { gradient } from "../../curve/gradient.js";
import { leastOf, lowest } from "../../curve/statistics.js";
import { found, notFound, unreadable, type Suggestion } from "../suggestion.js";

/**
 * fastai's default rule: the middle of the longest valley of the smoothed loss.
 *
 * Equal to fastai's pick on every curve whose loss falls. This rule suggests nothing on a rising curve (fastai returns the
 * lowest rate), on two rungs (fastai's index wraps around) and on none (fastai fails). fastai's `lr_find` drops the first
 * tenth and the last five rungs before it applies the rule; this function reads all rungs.
 *
 * Source: `valley` of fastai 2.8 (fastai/fastai#3377), after ESRI's ArcGIS.
 */
export function valley(curve: Curve): Suggestion {
  const rungs = readRungs(curve);
  const reason = unreadable(curve, rungs, 3);
  if (reason !== null) return notFound("valley", reason);
  const pick = valleyRung(rungs);
  return pick === undefined ? notFound("valley", "diverged-at-once") : found("valley", rungs, pick.lr);
}

/**
 * The rung in the middle (a third plus a sixth) of the longest valley; undefined if the loss never falls.
 *
 * The valley is the longest strictly decreasing subsequence of the losses. Like fastai, this function assumes that its
 * rungs are consecutive, although the subsequence may have gaps.
 */
export function valleyRung(rungs: readonly Rung[]): Rung | undefined {
  const fall = longestFall(rungs.map((rung) => rung.loss));
  if (fall.length < 2) return undefined;
  const start = fall.end - fall.length;
  const third = fall.length / 3;
  // fastai counts from the rung before the valley, so the index is -1 if the valley begins at the first rung.
  return rungs[Math.max(0, start + Math.floor(third) + Math.floor(third / 2))];
}

/**
 * The length of the longest strictly decreasing subsequence, and the end of the first one of that length, in O(n log n).
 *
 * Source: Fredman, "On computing the length of longest increasing subsequences", 1975.
 */
function longestFall(losses: readonly number[]): { length: number; end: number } {
  /** For each length, the highest last loss of a subsequence of that length; a decreasing list. */
  const ends: number[] = [];
  let longest = { length: 0, end: 0 };
  for (const [end, loss] of losses.entries()) {
    let [before, after] = [0, ends.length];
    while (before < after) {
      const middle = (before + after) >> 1;
      if ((ends[middle] ?? NaN) > loss) before = middle + 1;
      else after = middle;
    }
    ends[before] = loss;
    if (before + 1 > longest.length) longest = { length: before + 1, end };
  }
  return longest;
}

/**
 * fastai's `minimum`: a tenth of the rate of the lowest smoothed loss. The pick can be below the lowest rate of the sweep.
 *
 * Source: `minimum` of fastai 2.8.
 */
export function minimum(curve: Curve): Suggestion {
  const rungs = readRungs(curve);
  const reason = unreadable(curve, rungs, 2);
  if (reason !== null) return notFound("minimum", reason);
  const bottom = lowest(rungs, (rung) => rung.loss);
  // If the first loss is the lowest one, the loss only rose.
  if (bottom === undefined || bottom === rungs[0]) return notFound("minimum", "diverged-at-once");
  return found("minimum", rungs, bottom.lr / 10);
}

/** Options of {@link slide}. */
export interface SlideOptions {
  /** The width of the interval in rungs. @defaultValue 15 */
  readonly width?: number;
  /** The interval stops if the slopes at its ends, in loss per rung, differ by at most this. @defaultValue 0.005 */
  readonly threshold?: number;
  /** A factor for the pick. @defaultValue 1 */
  readonly adjust?: number;
}

/**
 * fastai's `slide`: an interval moves from the end of the curve to lower rates until the slopes at its ends are similar. The
 * pick is the last left end before it stopped.
 *
 * The threshold is absolute, so that the pick depends on the unit of the loss.
 *
 * Source: `slide` of fastai 2.8, after Novetta.
 */
export function slide(curve: Curve, options: SlideOptions = {}): Suggestion {
  const { width = 15, threshold = 0.005, adjust = 1 } = options;
  const rungs = readRungs(curve);
  const reason = unreadable(curve, rungs, width + 1);
  if (reason !== null) return notFound("slide", reason);

  const slopes = gradient(rungs.map(({ loss }, x) => ({ x, loss })));
  if (leastOf(slopes) >= 0) return notFound("slide", "diverged-at-once");
  let left = rungs.length - 1 - width;
  let pick = rungs[left];
  while (left >= 0 && Math.abs((slopes[left + width] ?? NaN) - (slopes[left] ?? NaN)) > threshold) {
    pick = rungs[left];
    left -= 1;
  }
  return pick === undefined ? notFound("slide", "too-few-points") : found("slide", rungs, pick.lr * adjust);
}
