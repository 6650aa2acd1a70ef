import { readRungs, type Curve } from "../../curve/curve.js";
import { gradient, slopeBetween } from "../../curve/gradient.js";
import { leastOf, lowest } from "../../curve/statistics.js";
import { found, notFound, unreadable, type Suggestion } from "../suggestion.js";

/** Options of {@link steepest}. */
export interface SteepestOptions {
  /** The number of rungs to skip at the start, where the moving average has seen few values. @defaultValue 10 */
  readonly skipBegin?: number;
  /** The number of rungs to skip at the end. @defaultValue 5 */
  readonly skipEnd?: number;
  /**
   * The finite differences: `"central"` over both neighbours of a rung, `"forward"` from a rung to the next.
   *
   * @defaultValue "central"
   */
  readonly differences?: "central" | "forward";
}

/**
 * torch-lr-finder's rule: the rate at which the smoothed loss falls fastest, over log(lr) on exponential curves and over lr on
 * linear ones. The moving average lags, so that the pick is somewhat too high.
 *
 * With `{ skipBegin: 0, skipEnd: 0, differences: "forward" }` it is fastai's `steep`.
 *
 * Source: `LRFinder.plot` of torch-lr-finder 0.2.2; `steep` of fastai 2.8.
 */
export function steepest(curve: Curve, options: SteepestOptions = {}): Suggestion {
  const { skipBegin = 10, skipEnd = 5, differences = "central" } = options;
  const rungs = readRungs(curve).filter(
    ({ index }) => index >= skipBegin && index < curve.smoothed.length - skipEnd,
  );
  const reason = unreadable(curve, rungs, 2);
  if (reason !== null) return notFound("steepest", reason);
  const slopes =
    differences === "central"
      ? gradient(rungs)
      : rungs.map((rung, i) => slopeBetween(rung, rungs[i + 1] ?? { x: NaN, loss: NaN }));
  const pick = lowest(rungs, (_, i) => slopes[i] ?? NaN);
  if (pick === undefined || leastOf(slopes.filter(Number.isFinite)) >= 0) {
    return notFound("steepest", "diverged-at-once");
  }
  return found("steepest", rungs, pick.lr);
}
