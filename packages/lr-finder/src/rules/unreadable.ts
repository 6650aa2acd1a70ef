import { readLosses, type Curve } from "../curve.js";
import type { NoSuggestionReason } from "../suggestion.js";
import type { Rung } from "./rung.js";
import { greatestOf, leastOf } from "./extremes.js";

/** Losses come from float32 tensors: a fall of less than this part of the loss is rounding. */
const FLOAT32_STEP = 1.2e-7;

/**
 * Why a rule can't read a curve, or null when it can.
 *
 * - `not-finite`: not even the first loss was a finite number.
 * - `diverged-at-once`: the sweep was cut short before it gave the rungs the rule needs.
 * - `too-few-points`: the sweep ran to its end and gave too few.
 * - `flat`: all losses are the same to float32 precision.
 *
 * @param rungs - what the rule is about to read of the curve.
 * @param needed - the number of rungs it can't do without.
 */
export function unreadable(curve: Curve, rungs: readonly Rung[], needed: number): NoSuggestionReason | null {
  if (rungs.length < needed) {
    const [firstLoss] = readLosses(curve).measured;
    if (firstLoss !== undefined && !Number.isFinite(firstLoss)) return "not-finite";
    return curve.stopped === "finished" ? "too-few-points" : "diverged-at-once";
  }
  const losses = rungs.map((rung) => rung.loss);
  const high = greatestOf(losses);
  const low = leastOf(losses);
  return high - low <= FLOAT32_STEP * Math.max(Math.abs(high), Math.abs(low)) ? "flat" : null;
}
