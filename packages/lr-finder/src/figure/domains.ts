import { readLosses, type Curve } from "../curve/curve.js";
import { greatestOf, leastOf } from "../curve/statistics.js";
import { symlogScale, type AxisScale } from "@fulmine/figure/plugin";

/** The space above the first losses of a sweep that explodes, as a part of the fall of the loss. */
const ROOM_FOR_DIVERGENCE = 0.5;
/** The first part of a sweep, at rates too low to change the model. */
const UNTRAINED_PART = 0.25;
/** The empty space at both ends, as a part of the domain. */
const PADDING = 0.06;

/**
 * The domain of the loss axis, `[low, high]`.
 *
 * It does not include losses that explode, which would compress the rest of the curve to a line. It ends at the level of the
 * first losses, including their noise, plus half of the fall of the loss.
 *
 * @param scores - The scores of trials, which are also shown.
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

  // Nothing has exploded before the lowest loss, nor in the first part of the sweep. Take the longer of the two, because the
  // lowest loss can be noise in the first part.
  const bottom = smoothed.indexOf(leastOf(smoothed));
  const calm = Math.max(bottom + 1, Math.ceil(UNTRAINED_PART * smoothed.length));
  // There can be several rungs per held-out loss.
  const calmRungs = curve.valLoss === undefined ? calm : Math.round((calm / smoothed.length) * loss.length);
  const noise = loss.slice(0, calmRungs).filter(Number.isFinite);
  const before = Math.max(greatestOf(smoothed.slice(0, calm)), quantile(noise, 0.98));
  const descent = before - low;
  const cut = before + ROOM_FOR_DIVERGENCE * Math.max(descent, 0.2 * Math.abs(before));
  // If the loss starts at its minimum of 0, the fall gives no scale.
  const top = cut > low ? Math.min(high, cut) : high;
  const padding = PADDING * (top - low);
  // Non-negative losses get a non-negative axis.
  const floor = low >= 0 ? Math.max(0, low - padding) : low - padding;
  return [floor, top === cut ? top : top + padding];
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? -Infinity;
}

/** The linear part of the slope axis, as a part of the steepest fall; smaller slopes are noise. */
const LINEAR_PART = 0.1;

/** The axis of slopes. It shows both a fall and an explosion that is a thousand times as steep. */
export function changeScale(changes: readonly number[]): {
  readonly domain: readonly [low: number, high: number];
  /** The axis is linear between `-constant` and `constant`. */
  readonly constant: number;
  readonly scale: AxisScale;
} {
  const finite = changes.filter(Number.isFinite);
  const low = Math.min(0, leastOf(finite));
  const high = Math.max(0, greatestOf(finite));
  if (low === high) return { domain: [-1, 1], constant: 1, scale: symlogScale(-1, 1, 1) };
  const steepest = low < 0 ? -low : high;
  const constant = 10 ** Math.round(Math.log10(LINEAR_PART * steepest));
  // Some space, so that no line touches the edge.
  const domain = [low < 0 ? low * 1.5 : -constant, high > 0 ? high * 1.5 : constant] as const;
  return { domain, constant, scale: symlogScale(...domain, constant) };
}
