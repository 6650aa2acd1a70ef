import { readRungs, type Curve } from "./curve.js";

/** A point of a line. */
export interface Point {
  readonly x: number;
  readonly loss: number;
}

/** The slope of the straight line through two points. */
export function slopeBetween(from: Point, to: Point): number {
  return (to.loss - from.loss) / (to.x - from.x);
}

/**
 * The slope of the loss at each point, by second-order central differences for uneven spacing, one-sided at both ends. Equal
 * to `numpy.gradient(loss, x)` and `torch.gradient(loss, spacing=[x])`.
 *
 * @returns One slope per point; NaN for a single point.
 */
export function gradient(points: readonly Point[]): number[] {
  return points.map((point, i) => {
    const before = points[i - 1];
    const after = points[i + 1];
    if (before === undefined) return after === undefined ? NaN : slopeBetween(point, after);
    if (after === undefined) return slopeBetween(before, point);
    const left = point.x - before.x;
    const right = after.x - point.x;
    return (slopeBetween(before, point) * right + slopeBetween(point, after) * left) / (left + right);
  });
}

/**
 * The slope of the loss at each rung: per decade of the rate on exponential curves, per unit of the rate on linear ones.
 *
 * Smith reads from it where training begins and where it stops working ("Cyclical Learning Rates for Training Neural
 * Networks", 2017, fig. 3).
 *
 * @returns One slope per rung; NaN for rungs that can't be read.
 */
export function lossChange(curve: Curve): number[] {
  const rungs = readRungs(curve);
  const changes = curve.lr.map(() => NaN);
  const perDecade = curve.mode === "exponential" ? Math.LN10 : 1;
  for (const [i, slope] of gradient(rungs).entries()) {
    const index = rungs[i]?.index;
    if (index !== undefined) changes[index] = slope * perDecade;
  }
  return changes;
}
