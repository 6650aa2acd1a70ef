import type { FoundSuggestion, NoSuggestion, NoSuggestionReason } from "../suggestion.js";
import { gradient } from "./gradient.js";
import { lowest } from "./lowest.js";
import type { Rung } from "./rung.js";

/** A rule's word that there is no usable rate, and why. */
export function notFound(rule: string, reason: NoSuggestionReason): NoSuggestion {
  return { rule, lr: null, index: null, range: null, reason };
}

/**
 * A rule's pick, with the rung nearest to it and the range it belongs to.
 *
 * Unless the rule knows better, the range is the one that the literature reads off a curve: between the rate
 * of the steepest descent and a tenth of the rate of the lowest loss (L. Smith, "Cyclical Learning Rates for
 * Training Neural Networks", 2017; S. Maggio, "Learning rate finder: how reliable is it?", Dataiku, 2020),
 * whichever of the two is lower. It is widened to hold the pick itself.
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
