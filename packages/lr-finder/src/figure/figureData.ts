import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";

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
}
