import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { found, notFound } from "./found.js";
import { gradient, slopeBetween } from "./gradient.js";
import { lowest } from "./lowest.js";
import { readRungs } from "./rung.js";
import { unreadable } from "./unreadable.js";
import { leastOf } from "./extremes.js";

/** What {@link steepest} leaves out, and how it measures a slope. */
export interface SteepestOptions {
  /** Rungs left out at the start, where the running mean is still young. @defaultValue 10 */
  readonly skipBegin?: number;
  /** Rungs left out at the end. @defaultValue 5 */
  readonly skipEnd?: number;
  /**
   * `"central"` measures the slope at a rung over both its neighbours, `"forward"` from it to the next one.
   *
   * @defaultValue "central"
   */
  readonly differences?: "central" | "forward";
}

/**
 * The rate where the smoothed loss falls fastest, over the logarithm of the rate on exponential curves and
 * over the rate itself on linear ones.
 *
 * The defaults are those of torch-lr-finder 0.2.2 (`LRFinder.plot`); `{ skipBegin: 0, skipEnd: 0,
 * differences: "forward" }` is fastai's `steep`. The running mean lags behind the loss, so the pick lies to
 * the right of the point where training is really fastest.
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
