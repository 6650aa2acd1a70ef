import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { found, notFound } from "./found.js";
import { gradient } from "./gradient.js";
import { lowest } from "./lowest.js";
import { readRungs } from "./rung.js";
import { unreadable } from "./unreadable.js";

/**
 * Ignite's rule: the steepest point of the falling part of the curve, that is of all rungs up to the lowest
 * smoothed loss. Nothing is left out at the start.
 *
 * Source: `FastaiLRFinder.lr_suggestion` of pytorch-ignite 0.5.
 */
export function ignite(curve: Curve): Suggestion {
  const rungs = readRungs(curve);
  const reason = unreadable(curve, rungs, 3);
  if (reason !== null) return notFound("ignite", reason);
  const bottom = lowest(rungs, (rung) => rung.loss);
  const fall = rungs.filter((rung) => rung.index <= (bottom?.index ?? 0));
  const slopes = gradient(fall);
  // Slopes at the two ends are one-sided, and ignite leaves them out.
  const pick = lowest(fall.slice(1, -1), (_, i) => slopes[i + 1] ?? NaN);
  return pick === undefined ? notFound("ignite", "diverged-at-once") : found("ignite", rungs, pick.lr);
}
