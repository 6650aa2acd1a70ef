import { readLosses, type Curve } from "../curve.js";
import { greatestOf, leastOf } from "../rules/extremes.js";

/** How much of a loss's fall is shown above the level it started from, when it goes on to explode. */
const ROOM_FOR_DIVERGENCE = 0.5;
/** The part of a sweep, at its start, whose rates are too low to train. */
const UNTRAINED_PART = 0.25;
/** Empty space at both ends, as a part of what is shown. */
const PADDING = 0.06;

/**
 * The losses that a figure shows, `[low, high]`.
 *
 * A loss that diverges would squash the part worth reading to a line, so the top is cut off at half of the
 * fall above the level the sweep started from; noise around that level is let in.
 *
 * @param scores - what trials came to, which are shown as well.
 */
export function lossDomain(curve: Curve, scores: readonly number[] = []): [low: number, high: number] {
  const read = readLosses(curve);
  const smoothed = read.smoothed.filter(Number.isFinite);
  const { loss, valLoss = [], band } = curve;
  const drawn = [...loss, ...curve.smoothed, ...valLoss, ...read.smoothed, ...scores];
  const shown = [...drawn, ...(band?.low ?? []), ...(band?.high ?? [])].filter(Number.isFinite);
  if (shown.length === 0) return [0, 1];
  const low = leastOf(shown);
  const high = greatestOf(shown);
  if (high - low <= 1e-9 * Math.abs(high))
    return [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];

  // What comes before the lowest point is the fall, and at the first rates nothing has exploded yet; where
  // noise has the lowest point among them, the one says more than the other.
  const bottom = smoothed.indexOf(leastOf(smoothed));
  const calm = Math.max(bottom + 1, Math.ceil(UNTRAINED_PART * smoothed.length));
  // Of held-out losses there may be one for several rungs.
  const calmRungs = curve.valLoss === undefined ? calm : Math.round((calm / smoothed.length) * loss.length);
  const noise = loss.slice(0, calmRungs).filter(Number.isFinite);
  const before = Math.max(greatestOf(smoothed.slice(0, calm)), quantile(noise, 0.98));
  const descent = before - low;
  const cut = before + ROOM_FOR_DIVERGENCE * Math.max(descent, 0.2 * Math.abs(before));
  // Above a loss that was 0 from the first there is no measure of what is much.
  const top = cut > low ? Math.min(high, cut) : high;
  const padding = PADDING * (top - low);
  // A loss that never goes below zero gets no axis below zero.
  const floor = low >= 0 ? Math.max(0, low - padding) : low - padding;
  return [floor, top === cut ? top : top + padding];
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? -Infinity;
}
