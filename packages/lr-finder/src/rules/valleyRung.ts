import type { Rung } from "./rung.js";

/**
 * The rung a third and a sixth of the way along the longest valley, fastai's `valley` point; undefined when
 * the loss never falls.
 *
 * The valley is the longest strictly falling subsequence of losses. It is taken to lie without gaps before
 * its last rung, although it may have some.
 */
export function valleyRung(rungs: readonly Rung[]): Rung | undefined {
  const fall = longestFall(rungs.map((rung) => rung.loss));
  if (fall.length < 2) return undefined;
  const start = fall.end - fall.length;
  const third = fall.length / 3;
  // fastai counts a valley from the rung before its first, which is -1 for one that begins the curve.
  return rungs[Math.max(0, start + Math.floor(third) + Math.floor(third / 2))];
}

/**
 * The length of the longest strictly falling subsequence, and where the first of that length ends; in `n log n` steps
 * (Fredman 1975, "On computing the length of longest increasing subsequences").
 */
function longestFall(losses: readonly number[]): { length: number; end: number } {
  /** For each length, the highest loss that a fall of it can end with; they fall themselves. */
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
