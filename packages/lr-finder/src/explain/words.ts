import { formatLoss, formatRate } from "@fulmine/figure/plugin";
import { readLosses, type Curve, type StopReason } from "../curve/curve.js";
import { leastOf } from "../curve/statistics.js";
import type { NoSuggestionReason, Suggestion } from "../rules/suggestion.js";

const NO_SUGGESTION: Readonly<Record<NoSuggestionReason, string>> = {
  flat: "the loss did not change",
  "diverged-at-once": "the loss never fell",
  "too-few-points": "too few rates",
  "not-finite": "the first loss is not finite",
};

const STOPPED: Readonly<Record<Exclude<StopReason, "finished">, string>> = {
  diverged: "the loss diverged",
  "not-finite": "the loss was not finite",
};

/** A suggestion in one line: `suggested lr 3.2e-3 (valley)`. */
export function suggestionInWords(suggestion: Suggestion): string {
  return suggestion.lr === null
    ? `no suggestion (${suggestion.rule}): ${noSuggestionInWords(suggestion.reason)}`
    : `suggested lr ${formatRate(suggestion.lr)} (${suggestion.rule})`;
}

/** The usable range of a suggestion: `usable 1e-3 to 0.1`. Null if there is no range or if it is a single rate. */
export function rangeInWords(suggestion: Suggestion | undefined): string | null {
  if (suggestion?.range == null) return null;
  const [low, high] = suggestion.range;
  return low === high ? null : `usable ${formatRate(low)} to ${formatRate(high)}`;
}

/** Why a rule found no rate, as a clause. */
export function noSuggestionInWords(reason: NoSuggestionReason): string {
  return NO_SUGGESTION[reason];
}

/** Why a sweep stopped early, as a clause; null if it ran to its end. */
export function stopInWords(stopped: StopReason): string | null {
  return stopped === "finished" ? null : STOPPED[stopped];
}

/** How a sweep ended, as a predicate: `finished` or `stopped: the loss diverged`. */
export function endInWords(stopped: StopReason): string {
  const cause = stopInWords(stopped);
  return cause === null ? "finished" : `stopped: ${cause}`;
}

/** The first and the lowest value of the loss that rules read, as a sentence; null if no loss is finite. */
export function lossInWords(curve: Curve): string | null {
  const { smoothed } = readLosses(curve);
  const finite = smoothed.filter(Number.isFinite);
  const bottom = smoothed.indexOf(leastOf(finite));
  if (bottom < 0) return null;
  const [start, low] = [finite[0], smoothed[bottom]].map((loss) => formatLoss(loss ?? NaN));
  const name = curve.valLoss === undefined ? "smoothed loss" : "smoothed held-out loss";
  return `The ${name} starts at ${start}; its minimum is ${low} at lr ${formatRate(curve.lr[bottom] ?? NaN)}.`;
}

/** A text with a capital first letter. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
