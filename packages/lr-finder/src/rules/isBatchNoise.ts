import { meanOf } from "./meanOf.js";

/** With fewer losses than this chance looks like anything. */
const FEWEST = 20;
/** A statistic beyond these would come of chance in about one curve of a hundred. */
const LIMITS = { neighbours: 2.33, drift: 1.63, late: 2.8 } as const;
/** How many of all losses may be the last ones, where rates begin to count. */
const LATE_PARTS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5] as const;
/** The last few losses may lie off by so many deviations of those before; ranks can't tell of so few how far off they are. */
const FAR_OFF = { deviations: 4, parts: [0.02, 0.05] } as const;

/**
 * Whether losses differ as they would if the rate did nothing and the batches came in any order.
 *
 * Three things speak against it, and any of them is enough: neighbours are more alike than others (Bartels 1982, "The
 * rank version of von Neumann's ratio test for randomness"), the losses drift (the largest of the running sums of ranks
 * about their mean, as in the test of Kolmogorov and Smirnov), or the last of them, where the rates are highest, lie
 * off the others. Ranks are taken so that a few odd batches decide nothing.
 *
 * @param losses - As they were measured, in the order of the rates.
 */
export function isBatchNoise(losses: readonly number[]): boolean {
  const { length: count } = losses;
  if (count < FEWEST) return false;
  const ranks = ranksOf(losses);
  const mean = meanOf(ranks);
  const off = ranks.map((rank) => rank - mean);
  const squares = sumOf(off.map((one) => one * one));
  const steps = sumOf(off.slice(1).map((one, at) => (one - (off[at] ?? NaN)) ** 2));
  const neighbours = ((2 - steps / squares) / 2) * Math.sqrt(count);
  let [sum, widest] = [0, 0];
  for (const one of off) {
    sum += one;
    widest = Math.max(widest, Math.abs(sum));
  }
  const drift = widest / Math.sqrt(squares);
  const isLateOff = LATE_PARTS.some((part) => Math.abs(lateness(off, squares, part)) > LIMITS.late);
  return neighbours < LIMITS.neighbours && drift < LIMITS.drift && !isLateOff && !endsFarOff(losses);
}

/** How far the sum of the last ranks lies off, in deviations of what chance makes it (Wilcoxon's rank-sum test). */
function lateness(off: readonly number[], squares: number, part: number): number {
  const late = Math.max(1, Math.round(part * off.length));
  const variance = (squares / off.length) * ((late * (off.length - late)) / (off.length - 1));
  return sumOf(off.slice(-late)) / Math.sqrt(variance);
}

/** Whether the last few losses lie far off all before them. */
function endsFarOff(losses: readonly number[]): boolean {
  return FAR_OFF.parts.some((part) => {
    const late = Math.max(1, Math.round(part * losses.length));
    const [before, after] = [losses.slice(0, -late), losses.slice(-late)];
    const mean = meanOf(before);
    const variance = meanOf(before.map((loss) => (loss - mean) ** 2));
    return Math.abs(meanOf(after) - mean) > FAR_OFF.deviations * Math.sqrt(variance / late);
  });
}

/** The place of each value among all, counted from 0; equal ones share the mean of theirs. */
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
