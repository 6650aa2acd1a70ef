import { symlogScale, type AxisScale } from "./axisScale.js";
import { greatestOf, leastOf } from "../rules/extremes.js";

/** The part of the steepest fall up to which the axis is linear: what is smaller than that is noise. */
const LINEAR_PART = 0.1;

/** The axis of loss changes: a fall and an explosion a thousand times as steep can both be read on it. */
export function changeScale(changes: readonly number[]): {
  readonly domain: readonly [low: number, high: number];
  /** Up to which size of a change the axis is linear. */
  readonly constant: number;
  readonly scale: AxisScale;
} {
  const finite = changes.filter(Number.isFinite);
  const low = Math.min(0, leastOf(finite));
  const high = Math.max(0, greatestOf(finite));
  if (low === high) return { domain: [-1, 1], constant: 1, scale: symlogScale(-1, 1, 1) };
  const steepest = low < 0 ? -low : high;
  const constant = 10 ** Math.round(Math.log10(LINEAR_PART * steepest));
  // A little room, in proportion, so that no line runs along the edge.
  const domain = [low < 0 ? low * 1.5 : -constant, high > 0 ? high * 1.5 : constant] as const;
  return { domain, constant, scale: symlogScale(...domain, constant) };
}
