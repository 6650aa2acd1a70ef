/** Scores that differ by less than this part of themselves differ by rounding only. */
const ROUNDING = 1e-12;

/**
 * The element with the lowest score; undefined when there is none. The first of equal ones wins, and scores
 * that only rounding keeps apart are equal, so that on a straight line the answer is not an accident. NaN
 * never wins.
 */
export function lowest<T>(items: readonly T[], score: (item: T, index: number) => number): T | undefined {
  let best: { item: T; score: number } | undefined;
  for (const [index, item] of items.entries()) {
    const itsScore = score(item, index);
    if (Number.isNaN(itsScore)) continue;
    if (best === undefined || best.score - itsScore > ROUNDING * Math.abs(itsScore)) {
      best = { item, score: itsScore };
    }
  }
  return best?.item;
}
