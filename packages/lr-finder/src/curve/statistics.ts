/** Scores with a smaller relative difference are taken as equal. */
const ROUNDING = 1e-12;

/** The minimum of any number of values. `Infinity` for an empty list, NaN if a value is NaN. */
export function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

/** The maximum of any number of values. `-Infinity` for an empty list, NaN if a value is NaN. */
export function greatestOf(values: readonly number[]): number {
  return values.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
}

/**
 * The item with the lowest score, undefined if no item has a score. Of equal scores the first one wins. Scores that differ
 * only by rounding are equal, so that the result on a straight line is not arbitrary. A score of NaN never wins.
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

/** The mean, NaN for an empty list. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The median, NaN for an empty list. For an even number of values it is the upper of the two middle ones. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/**
 * Makes a bias-corrected exponential moving average: `mean = β·mean + (1-β)·value`, divided by `1-β^k` after k values, so
 * that the first means are not biased towards zero.
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, §3.
 *
 * @param beta - The smoothing factor, in [0, 1). 0 does not smooth.
 * @returns A function that takes the next value and returns the current mean.
 */
export function makeSmoother(beta: number): (value: number) => number {
  let mean = 0;
  let count = 0;
  return (value) => {
    count += 1;
    mean = beta * mean + (1 - beta) * value;
    return mean / (1 - beta ** count);
  };
}

/**
 * A two-sided exponential moving average: the weights decay exponentially before and after each value, so that it does not
 * lag like a one-sided mean.
 *
 * @param beta - The smoothing factor, in [0, 1). 0 does not smooth.
 */
export function twoSidedMean(values: readonly number[], beta: number): number[] {
  const back = weightedSums(values, beta);
  const ahead = weightedSums(values.toReversed(), beta).toReversed();
  return values.map((value, i) => {
    const [backSum, backWeight] = back[i] ?? [0, 0];
    const [aheadSum, aheadWeight] = ahead[i] ?? [0, 0];
    // Both sums include the value itself.
    return (backSum + aheadSum - value) / (backWeight + aheadWeight - 1);
  });
}

function weightedSums(values: readonly number[], beta: number): [sum: number, weight: number][] {
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    sum = beta * sum + value;
    weight = beta * weight + 1;
    return [sum, weight];
  });
}
