import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { found, notFound } from "./found.js";
import { gradient } from "./gradient.js";
import { readRungs } from "./rung.js";
import { unreadable } from "./unreadable.js";
import { leastOf } from "./extremes.js";

/** How {@link slide} slides. */
export interface SlideOptions {
  /** The width of the interval that slides, in rungs. @defaultValue 15 */
  readonly width?: number;
  /**
   * It comes to rest where the slopes at its two ends, in loss per rung, differ by no more than this.
   *
   * @defaultValue 0.005
   */
  readonly threshold?: number;
  /** The pick is multiplied by this. @defaultValue 1 */
  readonly adjust?: number;
}

/**
 * fastai's `slide`: an interval slides down from the end of the curve until the loss bends little over it;
 * the pick is where its left end was before it came to rest.
 *
 * The threshold is absolute: a loss measured in other units gives another pick.
 *
 * Source: `slide` of fastai 2.8, after Novetta.
 */
export function slide(curve: Curve, options: SlideOptions = {}): Suggestion {
  const { width = 15, threshold = 0.005, adjust = 1 } = options;
  const rungs = readRungs(curve);
  const reason = unreadable(curve, rungs, width + 1);
  if (reason !== null) return notFound("slide", reason);

  const slopes = gradient(rungs.map(({ loss }, x) => ({ x, loss })));
  if (leastOf(slopes) >= 0) return notFound("slide", "diverged-at-once");
  let left = rungs.length - 1 - width;
  let pick = rungs[left];
  while (left >= 0 && Math.abs((slopes[left + width] ?? NaN) - (slopes[left] ?? NaN)) > threshold) {
    pick = rungs[left];
    left -= 1;
  }
  return pick === undefined ? notFound("slide", "too-few-points") : found("slide", rungs, pick.lr * adjust);
}
