import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import type { RateTrial } from "../sweep/rateTrial.js";
import { bestTrial } from "./bestTrial.js";
import { found, notFound } from "./found.js";
import { lossLevels } from "./lossLevels.js";
import { neighbours } from "./neighbours.js";
import { readRungs } from "./rung.js";

/** One side of the parabola rises no more than this many times the other: how high an explosion went says nothing. */
const MOST_SKEW = 3;
/** A trial that came this part of the way of the best one was at a usable rate. */
const USABLE = 0.9;

/**
 * The pick that trials give: the lowest point of the parabola over log(lr) through the best one and its neighbours; null
 * when the curve has no trials.
 */
export function trialsPick(curve: Curve): Suggestion | null {
  const { trials } = curve;
  if (trials === undefined) return null;
  const best = bestTrial(trials);
  if (best === undefined || best.score === Infinity) return notFound("auto", "diverged-at-once");
  const { untrained } = lossLevels(curve);
  const worst = best.score + (1 - USABLE) * Math.max(0, untrained - best.score);
  const usable = trials.filter(({ score }) => score <= worst).map(({ lr }) => lr);
  return { ...found("auto", readRungs(curve), lowestPoint(best, trials), usable), basis: "trials" };
}

function lowestPoint(best: RateTrial, trials: readonly RateTrial[]): number {
  const { below, above } = neighbours(best, trials);
  if (below === undefined || above === undefined) return best.lr;
  const [left, right] = [Math.log(best.lr / below.lr), Math.log(above.lr / best.lr)];
  const [fall, rise] = [below.score - best.score, above.score - best.score];
  const [a, b] = [Math.min(fall, MOST_SKEW * rise), Math.min(rise, MOST_SKEW * fall)];
  const bend = left * b + right * a;
  if (!Number.isFinite(bend) || bend <= 0) return best.lr;
  return best.lr * Math.exp((0.5 * (right * right * a - left * left * b)) / bend);
}
