import type { Curve } from "../curve/curve.js";
import { bestTrial, neighbours } from "../rules/trials.js";
import { formatRate } from "@fulmine/figure/plugin";

/** The factor to a rate that is worth a comparison: half a decade, as between the trials of `refine`. */
const BEYOND = 10 ** 0.5;

/**
 * Says that the best trial ran at the highest or at the lowest rate that was tried, so that a better rate may lie beyond. Null
 * if it lies between others, and if there are fewer than two trials.
 */
export function edgeOfTrials({ trials = [], lr, stopped }: Curve): string | null {
  const best = bestTrial(trials);
  if (best === undefined || trials.length < 2 || best.score === Infinity) return null;
  const { below, above } = neighbours(best, trials);
  if (below !== undefined && above !== undefined) return null;
  const isHighest = above === undefined;
  const [end, side] = isHighest ? ["highest", "higher"] : ["lowest", "lower"];
  const [low = NaN, high = NaN] = [lr[0], lr.at(-1)];
  const isBound = isHighest ? stopped === "finished" && best.lr >= high : best.lr <= low;
  const bound = isHighest ? "raise `maxLr`" : "lower `minLr`";
  const next = best.lr * (isHighest ? BEYOND : 1 / BEYOND);
  return (
    `The best trial ran at the ${end} rate that was tried, ${formatRate(best.lr)}, so a ${side} one may be better: ` +
    (isBound ? `${bound}.` : `compare a fit at ${formatRate(next)}.`)
  );
}
