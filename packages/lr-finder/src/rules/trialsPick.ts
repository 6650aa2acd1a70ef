import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { readEdge } from "./edge.js";
import { found, notFound } from "./found.js";
import { lowest } from "./lowest.js";
import { readRungs } from "./rung.js";

/**
 * How far below the edge of short trials to stay. What a rate does in hundreds of steps shows in sixteen only in part:
 * curvature grows as training goes on, and rates near the edge keep the loss high. In bench/regret.md a twelfth and a
 * sixteenth are equally good in the mean; the lower one is taken, as what short trials can't see speaks for lower rates.
 */
const BELOW_EDGE = 16;
/** The usable range, as parts of the edge. */
const RANGE = [1 / 40, 1 / 4] as const;
/** How many losses at the end of a long trial are averaged. */
const END = 10;

/**
 * The pick that trials give: the better of two long ones where there are any, else a sixteenth of the edge beyond which
 * short ones did harm; null when the curve has no trials.
 */
export function trialsPick(curve: Curve): Suggestion | null {
  const { trials, refined } = curve;
  if (trials === undefined) return null;
  const { lr: edge } = readEdge(trials);
  if (edge === null) return notFound("auto", "diverged-at-once");
  const rungs = readRungs(curve);
  const within = (lr: number): number => Math.min(curve.lr.at(-1) ?? lr, Math.max(trials[0]?.lr ?? lr, lr));
  const range = RANGE.map((part) => edge * part);
  const better = lowest(refined ?? [], ({ loss }) => endOf(loss));
  if (better !== undefined && Number.isFinite(endOf(better.loss)))
    return { ...found("auto", rungs, better.lr, range), basis: "long trials" };
  return { ...found("auto", rungs, within(edge / BELOW_EDGE), range), basis: "short trials" };
}

/** The mean of the last losses; a trial that ended with a loss that is not finite has the worst. */
function endOf(losses: readonly number[]): number {
  const end = losses.slice(-END);
  const mean = end.reduce((sum, loss) => sum + loss, 0) / end.length;
  return Number.isFinite(mean) ? mean : Infinity;
}
