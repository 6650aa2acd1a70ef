import { suggest, type Curve } from "@fulmine/lr-finder";

/** What the rule `auto` takes the weighted mean of; null where it finds no rate. */
export interface AutoReadings {
  /** The rung half-way down the longest valley. */
  readonly valley: number | null;
  /** A tenth of the highest rate that does no harm. */
  readonly tenthOfEdge: number | null;
  /** The usual rate of the curve's optimizer. */
  readonly usual: number | null;
}

/**
 * Reads the parts of `auto`'s mean from its picks and ranges, because the package exports the rule alone.
 *
 * It uses what `auto` documents: the range holds every part of the mean, the pick for an unknown optimizer is the
 * geometric mean of the valley and a tenth of the edge, and all are clamped to the sweep's rates.
 */
export function autoReadings(curve: Curve): AutoReadings {
  // With a momentum of 1 the usual rate is 0, so that the valley is the upper end of Adam's range.
  const valley =
    suggest({ ...curve, optimizer: { name: "adam", weights: 1, momentum: 1 } }).range?.[1] ?? null;
  const middle = suggest(withUnknownOptimizer(curve)).lr;
  // All rates but the first are far above the usual one, so that this is the lower end of the range.
  const lr = curve.lr.map((_, rung) => (rung === 0 ? 1e-30 : 1e30 * (1 + rung)));
  const usual = suggest({ ...curve, lr, stopped: "diverged" }).range?.[0] ?? null;
  return {
    valley,
    tenthOfEdge: valley === null || middle === null ? null : middle ** 2 / valley,
    usual,
  };
}

/** The curve as if an optimizer that `auto` does not know had made it. */
export function withUnknownOptimizer(curve: Curve): Curve {
  return { ...curve, optimizer: { name: "unknown", weights: 1 } };
}
