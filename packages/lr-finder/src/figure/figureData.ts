import type { Curve } from "../curve.js";
import type { RateTrial } from "../sweep/rateTrial.js";
import type { Suggestion } from "../suggestion.js";

/** A curve that is drawn into another's figure. */
export interface OverlaidCurve {
  /** Its name in the legend. */
  readonly label: string;
  readonly curve: Curve;
  /** A rule's pick, marked on its curve. */
  readonly suggestion?: Suggestion;
}

/**
 * Everything a figure shows. Each form of it, from SVG to a terminal's letters, is derived from this alone.
 */
export interface FigureData {
  /** What the sweep measured. */
  readonly curve: Curve;
  /** A rule's pick; marked when there is one, and explained when it is null. */
  readonly suggestion?: Suggestion;
  /** What stands above the figure. @defaultValue "Learning-rate sweep" */
  readonly title?: string;
  /** Further sweeps to compare with; of each the smoothed loss alone is drawn. */
  readonly overlay?: readonly OverlaidCurve[];
  /** The name of `curve` in the legend where there are others. @defaultValue "this sweep" */
  readonly label?: string;
  /** Whether the rate axis has rates or, on exponential sweeps, their exponents to base 10. @defaultValue "lr" */
  readonly x?: "lr" | "exponent";
  /** Whether a second panel shows how fast the loss changes. @defaultValue false */
  readonly change?: boolean;
}

/** All curves of a figure, its own first. */
export function curvesOf({ curve, overlay = [] }: FigureData): readonly [Curve, ...Curve[]] {
  return [curve, ...overlay.map((other) => other.curve)];
}

/** The trials that a figure shows: those of a search that stands alone. */
export function drawnTrials({ curve, overlay }: FigureData): readonly RateTrial[] {
  return overlay === undefined ? (curve.trials ?? []) : [];
}

/** Whether the rate axis of a figure is logarithmic. */
export function hasLogAxis(data: FigureData): boolean {
  return curvesOf(data).every(({ mode, lr }) => mode === "exponential" && (lr[0] ?? 1) > 0);
}
