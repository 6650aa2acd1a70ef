import type { Curve } from "../curve.js";
import { readRungs } from "../rules/rung.js";
import type { Frame } from "./frame.js";

/**
 * The smoothed loss that rules read at any rate, on the straight line that the figure draws between two rungs; NaN outside
 * the sweep.
 */
export function smoothedAt(curve: Curve, frame: Frame, lr: number): number {
  const rungs = readRungs(curve);
  const next = rungs.findIndex((rung) => rung.lr >= lr);
  const [low, high] = [rungs[next - 1], rungs[next]];
  if (high === undefined) return NaN;
  if (low === undefined) return high.lr === lr ? high.loss : NaN;
  const part = (frame.across(lr) - frame.across(low.lr)) / (frame.across(high.lr) - frame.across(low.lr));
  return low.loss + part * (high.loss - low.loss);
}
