import { readRungs, type Curve, type RateTrial } from "../curve/curve.js";
import { lowest } from "../curve/statistics.js";
import { lossLevels } from "./lossLevels.js";
import { found, notFound, type Suggestion } from "./suggestion.js";

/** One side of the parabola counts at most this many times the other side, so that the height of an explosion has no effect. */
const MOST_SKEW = 3;
/** A trial had a usable rate if it gained at least this part of what the best trial gained. */
const USABLE = 0.9;

/**
 * The pick of `auto` on a curve with trials: the minimum of the parabola over log(lr) through the best trial and its two
 * neighbours, or the rate of the best trial if it lacks a neighbour. Null on a curve without trials.
 */
export function trialsPick(curve: Curve): Suggestion | null {
  const { trials } = curve;
  if (trials === undefined) return null;
  const best = bestTrial(trials);
  if (best === undefined || best.score === Infinity) return notFound("auto", "diverged-at-once");
  const { untrained } = lossLevels(curve);
  const worst = best.score + (1 - USABLE) * Math.max(0, untrained - best.score);
  const usable = trials.filter(({ score }) => score <= worst).map(({ lr }) => lr);
  return { ...found("auto", readRungs(curve), minimumOf(best, trials), usable), basis: "trials" };
}

/** The minimum of the parabola; with sides of bounded skew. */
function minimumOf(best: RateTrial, trials: readonly RateTrial[]): number {
  const { below, above } = neighbours(best, trials);
  if (below === undefined || above === undefined) return best.lr;
  const [left, right] = [Math.log(best.lr / below.lr), Math.log(above.lr / best.lr)];
  const [fall, rise] = [below.score - best.score, above.score - best.score];
  const [a, b] = [Math.min(fall, MOST_SKEW * rise), Math.min(rise, MOST_SKEW * fall)];
  const bend = left * b + right * a;
  if (!Number.isFinite(bend) || bend <= 0) return best.lr;
  return best.lr * Math.exp((0.5 * (right * right * a - left * left * b)) / bend);
}

/** The trial with the best score, at the lowest rate if scores are equal. Undefined if there is no trial. */
export function bestTrial(trials: readonly RateTrial[]): RateTrial | undefined {
  return lowest(
    trials.toSorted((a, b) => a.lr - b.lr),
    ({ score }) => score,
  );
}

/** The trials at the next lower and at the next higher rate. */
export function neighbours(
  { lr: from }: RateTrial,
  trials: readonly RateTrial[],
): { readonly below: RateTrial | undefined; readonly above: RateTrial | undefined } {
  return {
    below: lowest(trials, ({ lr }) => (lr < from ? -lr : NaN)),
    above: lowest(trials, ({ lr }) => (lr > from ? lr : NaN)),
  };
}
