import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { found, notFound } from "./found.js";
import { gradient } from "./gradient.js";
import { lowest } from "./lowest.js";
import { readRungs } from "./rung.js";
import { unreadable } from "./unreadable.js";

/** Which rungs {@link lightning} leaves out. */
export interface LightningOptions {
  /** Rungs left out at the start. @defaultValue 10 */
  readonly skipBegin?: number;
  /** Rungs left out at the end. @defaultValue 1 */
  readonly skipEnd?: number;
}

/**
 * Lightning's rule, kept for comparison: the rate where the smoothed loss falls fastest per unit of the
 * learning rate itself.
 *
 * Over the rate and not its logarithm a slope at tiny rates is divided by a tiny step, so on exponential
 * curves this mostly picks noise at the start (Lightning-AI/pytorch-lightning#21141). {@link steepest} reads
 * the logarithm.
 *
 * Source: `_LRFinder.suggestion` of Lightning 2.6.
 */
export function lightning(curve: Curve, options: LightningOptions = {}): Suggestion {
  const { skipBegin = 10, skipEnd = 1 } = options;
  const rungs = readRungs(curve).filter(
    // The end is counted from the last rung of the sweep, finite or not.
    ({ index }) => index >= skipBegin && index < curve.smoothed.length - skipEnd,
  );
  const reason = unreadable(curve, rungs, 2);
  if (reason !== null) return notFound("lightning", reason);
  const slopes = gradient(rungs.map(({ lr, loss }) => ({ x: lr, loss })));
  const pick = lowest(rungs, (_, i) => slopes[i] ?? NaN);
  return pick === undefined ? notFound("lightning", "flat") : found("lightning", rungs, pick.lr);
}
