import type { Curve } from "../curve.js";
import type { Frame } from "./frame.js";

/**
 * The smoothed loss at any rate, on the straight line that the figure draws between two rungs; NaN outside
 * the sweep.
 */
export function smoothedAt(curve: Curve, frame: Frame, lr: number): number {
  const next = curve.lr.findIndex((rate) => rate >= lr);
  const [lowLr, highLr] = [curve.lr[next - 1], curve.lr[next]];
  const [low, high] = [curve.smoothed[next - 1], curve.smoothed[next]];
  if (high === undefined || highLr === undefined) return NaN;
  if (low === undefined || lowLr === undefined) return highLr === lr ? high : NaN;
  const part = (frame.across(lr) - frame.across(lowLr)) / (frame.across(highLr) - frame.across(lowLr));
  return low + part * (high - low);
}
