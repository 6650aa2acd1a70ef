/** A point that a slope can be read from. */
export interface Point {
  readonly x: number;
  readonly loss: number;
}

/** The slope of the straight line through two points. */
export function slopeBetween(from: Point, to: Point): number {
  return (to.loss - from.loss) / (to.x - from.x);
}

/**
 * The slope of the loss at each point: second-order central differences that allow for uneven spacing,
 * one-sided at both ends. The same as `numpy.gradient(loss, x)` and `torch.gradient(loss, spacing=[x])`.
 *
 * @returns one slope per point; a lone point has the slope NaN.
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
