import { readRungs, type Curve } from "../../curve/curve.js";
import { gradient } from "../../curve/gradient.js";
import { lowest } from "../../curve/statistics.js";
import { found, notFound, unreadable, type Suggestion } from "../suggestion.js";

/**
 * Ignite's rule: the rung before the lowest smoothed loss at which the smoothed loss falls fastest. It skips no rungs at the
 * start.
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
  // The slopes at both ends are one-sided; ignite skips them.
  const pick = lowest(fall.slice(1, -1), (_, i) => slopes[i + 1] ?? NaN);
  return pick === undefined ? notFound("ignite", "diverged-at-once") : found("ignite", rungs, pick.lr);
}
