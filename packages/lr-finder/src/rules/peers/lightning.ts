import { readRungs, type Curve } from "../../curve/curve.js";
import { gradient } from "../../curve/gradient.js";
import { lowest } from "../../curve/statistics.js";
import { found, notFound, unreadable, type Suggestion } from "../suggestion.js";

/** Options of {@link lightning}. */
export interface LightningOptions {
  /** The number of rungs to skip at the start. @defaultValue 10 */
  readonly skipBegin?: number;
  /** The number of rungs to skip at the end. @defaultValue 1 */
  readonly skipEnd?: number;
}

/**
 * Lightning's rule, for comparison: the rate at which the smoothed loss falls fastest per unit of the learning rate.
 *
 * On exponential curves it mostly picks noise at the start, because a difference of losses is divided by a tiny difference of
 * rates (Lightning-AI/pytorch-lightning#21141). {@link steepest} takes the slope over log(lr).
 *
 * Source: `_LRFinder.suggestion` of Lightning 2.6.
 */
export function lightning(curve: Curve, options: LightningOptions = {}): Suggestion {
  const { skipBegin = 10, skipEnd = 1 } = options;
  const rungs = readRungs(curve).filter(
    // Count from the last rung of the sweep, even if its loss is not finite.
    ({ index }) => index >= skipBegin && index < curve.smoothed.length - skipEnd,
  );
  const reason = unreadable(curve, rungs, 2);
  if (reason !== null) return notFound("lightning", reason);
  const slopes = gradient(rungs.map(({ lr, loss }) => ({ x: lr, loss })));
  const pick = lowest(rungs, (_, i) => slopes[i] ?? NaN);
  return pick === undefined ? notFound("lightning", "flat") : found("lightning", rungs, pick.lr);
}
