import { meanOf } from "../curve/statistics.js";

/** With fewer losses the tests have no power. */
const FEWEST = 20;
/** Pure noise exceeds each of these limits in about 1% of curves. */
const LIMITS = { neighbours: 2.33, drift: 1.63, late: 2.8 } as const;
/** The last parts of the sweep, at its highest rates, that are compared with the rest. */
const LATE_PARTS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5] as const;
/** The limit for the mean of the very last losses, in standard deviations. Ranks of so few losses don't show the distance. */
const FAR_OFF = { deviations: 4, parts: [0.02, 0.05] } as const;

/**
 * Tests whether losses are pure noise: whether they could come from batches in random order, with no effect of the rate.
 *
 * The losses are not noise if any of these tests rejects it: neighbouring losses are alike (Bartels 1982, "The rank version
 * of von Neumann's ratio test for randomness"), the losses drift (the maximum of the running sum of centred ranks, as in the
 * Kolmogorov–Smirnov test), or the losses of the highest rates differ from the others (Wilcoxon's rank-sum test, and the
 * mean). The tests use ranks, so that single outliers have little weight.
 *
 * @param losses - Measured losses in the order of the rates.
 */
export function isBatchNoise(losses: readonly number[]): boolean {
  const { length: count } = losses;
  if (count < FEWEST) return false;
  const ranks = ranksOf(losses);
  const mean = meanOf(ranks);
  const centred = ranks.map((rank) => rank - mean);
  const squares = sumOf(centred.map((one) => one * one));
  const steps = sumOf(centred.slice(1).map((one, at) => (one - (centred[at] ?? NaN)) ** 2));
  const neighbours = ((2 - steps / squares) / 2) * Math.sqrt(count);
  let [sum, widest] = [0, 0];
  for (const one of centred) {
    sum += one;
    widest = Math.max(widest, Math.abs(sum));
  }
  const drift = widest / Math.sqrt(squares);
  const isLateOff = LATE_PARTS.some((part) => Math.abs(rankSumScore(centred, squares, part)) > LIMITS.late);
  return neighbours < LIMITS.neighbours && drift < LIMITS.drift && !isLateOff && !endsFarOff(losses);
}

/** The z-score of the sum of the last ranks (Wilcoxon's rank-sum test). */
function rankSumScore(centred: readonly number[], squares: number, part: number): number {
  const late = Math.max(1, Math.round(part * centred.length));
  const variance = (squares / centred.length) * ((late * (centred.length - late)) / (centred.length - 1));
  return sumOf(centred.slice(-late)) / Math.sqrt(variance);
}

/** Whether the mean of the last few losses is far from the mean of all losses before them. */
function endsFarOff(losses: readonly number[]): boolean {
  return FAR_OFF.parts.some((part) => {
    const late = Math.max(1, Math.round(part * losses.length));
    const [before, after] = [losses.slice(0, -late), losses.slice(-late)];
    const mean = meanOf(before);
    const variance = meanOf(before.map((loss) => (loss - mean) ** 2));
    return Math.abs(meanOf(after) - mean) > FAR_OFF.deviations * Math.sqrt(variance / late);
  });
}

/** The rank of each value, from 0. Equal values get the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] ?? NaN) - (values[b] ?? NaN));
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (const at of order.slice(from, to)) ranks[at] = (from + to - 1) / 2;
  }
  return ranks;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
