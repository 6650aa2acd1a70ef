import { readLosses, type Curve, type Rung } from "../curve/curve.js";
import { gradient } from "../curve/gradient.js";
import { greatestOf, leastOf, lowest } from "../curve/statistics.js";

/** Losses come from float32 tensors; a smaller relative difference is a rounding error. */
const FLOAT32_STEP = 1.2e-7;

/**
 * Why a rule found no learning rate.
 *
 * - `flat`: the loss does not depend on the rate.
 * - `diverged-at-once`: the sweep ended before the rule could read it, or the loss never fell.
 * - `too-few-points`: the sweep ran to its end with too few rates.
 * - `not-finite`: the first loss is not finite.
 */
export type NoSuggestionReason = "flat" | "diverged-at-once" | "too-few-points" | "not-finite";

/** A learning rate that a rule suggests. */
export interface FoundSuggestion {
  /** The name of the rule. */
  readonly rule: string;
  /** The suggested learning rate. */
  readonly lr: number;
  /** The index of the rung nearest to `lr`. */
  readonly index: number;
  /** The range of usable rates according to the rule, `[low, high]`. */
  readonly range: readonly [low: number, high: number];
  /** `"trials"` if the rule `auto` read the trials; undefined if it read the curve. */
  readonly basis?: "trials";
}

/** The result of a rule that found no learning rate. */
export interface NoSuggestion {
  /** The name of the rule. */
  readonly rule: string;
  readonly lr: null;
  readonly index: null;
  readonly range: null;
  /** Why the rule found no rate. */
  readonly reason: NoSuggestionReason;
}

/** The result of a rule. */
export type Suggestion = FoundSuggestion | NoSuggestion;

/** The result of a rule that found no rate. */
export function notFound(rule: string, reason: NoSuggestionReason): NoSuggestion {
  return { rule, lr: null, index: null, range: null, reason };
}

/**
 * The result of a rule that found a rate. The range is extended to include the rate.
 *
 * The default range is the one of the literature: between the rate of the steepest descent and a tenth of the rate of the
 * lowest loss, in either order.
 *
 * Sources: L. Smith, "Cyclical Learning Rates for Training Neural Networks", 2017; S. Maggio, "Learning rate finder: how
 * reliable is it?", Dataiku, 2020.
 */
export function found(
  rule: string,
  rungs: readonly Rung[],
  lr: number,
  range: readonly number[] = literatureRange(rungs),
): FoundSuggestion {
  return {
    rule,
    lr,
    index: lowest(rungs, (rung) => Math.abs(Math.log(rung.lr / lr)))?.index ?? 0,
    range: [Math.min(lr, ...range), Math.max(lr, ...range)],
  };
}

function literatureRange(rungs: readonly Rung[]): number[] {
  const bottom = lowest(rungs, (rung) => rung.loss);
  if (bottom === undefined) return [];
  const fall = rungs.filter((rung) => rung.index <= bottom.index);
  const slopes = gradient(fall);
  const steepest = lowest(fall, (_, i) => slopes[i] ?? NaN);
  return [bottom.lr / 10, steepest?.lr ?? bottom.lr / 10];
}

/**
 * Why a rule can't read a curve; null if it can. A curve is `flat` here if all its losses are equal in float32 precision.
 *
 * @param rungs - The rungs that the rule reads.
 * @param needed - The number of rungs that the rule needs.
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
