import { readLosses, type Curve, type StopReason } from "../curve.js";
import type { NoSuggestionReason, Suggestion } from "../suggestion.js";
import { curvesOf, drawnTrials, hasLogAxis, type FigureData } from "./figureData.js";
import { formatLoss } from "./formatLoss.js";
import { formatRate } from "./formatRate.js";
import { leastOf } from "../rules/extremes.js";

const WHY_NONE: Record<NoSuggestionReason, string> = {
  flat: "the loss did not change",
  "diverged-at-once": "the loss never fell",
  "too-few-points": "too few rungs",
  "not-finite": "the first loss was not a finite number",
};

const HOW_IT_ENDED: Record<StopReason, string> = {
  finished: "finished",
  diverged: "stopped: the loss diverged",
  "not-finite": "stopped: the loss was not finite",
};

/** The title of a figure. */
export function titleOf({ title = "Learning-rate sweep" }: FigureData): string {
  return title;
}

/** One line on what a rule found: `suggested lr 3.2e-3 (valley)`. */
export function suggestionInWords(suggestion: Suggestion): string {
  return suggestion.lr === null
    ? `no suggestion (${suggestion.rule}): ${WHY_NONE[suggestion.reason]}`
    : `suggested lr ${formatRate(suggestion.lr)} (${suggestion.rule})`;
}

/** A suggestion's range in words, or nothing where there is none to speak of. */
export function rangeInWords(suggestion: Suggestion | undefined): string | null {
  if (suggestion?.range == null) return null;
  const [low, high] = suggestion.range;
  return low === high ? null : `usable ${formatRate(low)} to ${formatRate(high)}`;
}

/** Why a rule found nothing, in words. */
export function whyNoneInWords(reason: NoSuggestionReason): string {
  return WHY_NONE[reason];
}

/** A text that begins with a capital letter. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the loss that rules read did over the sweep, as a sentence; null when none of it was finite. */
export function lossInWords(curve: Curve): string | null {
  const { smoothed } = readLosses(curve);
  const finite = smoothed.filter(Number.isFinite);
  const bottom = smoothed.indexOf(leastOf(finite));
  if (bottom < 0) return null;
  const [start, low] = [finite[0], smoothed[bottom]].map((loss) => formatLoss(loss ?? NaN));
  const name = curve.valLoss === undefined ? "smoothed loss" : "smoothed held-out loss";
  return `The ${name} starts at ${start} and is lowest, ${low}, at ${formatRate(curve.lr[bottom] ?? NaN)}.`;
}

/** How a sweep ended, in words. */
export function endInWords(stopped: StopReason): string {
  return HOW_IT_ENDED[stopped];
}

/** The name of the axis of rates. */
export function rateAxisInWords(data: FigureData): string {
  if (!hasLogAxis(data)) return "learning rate";
  return data.x === "exponent" ? "log₁₀ of the learning rate" : "learning rate (log scale)";
}

/** The name of the axis of losses. */
export function lossAxisInWords(data: FigureData): string {
  const isHeldOut = curvesOf(data).some(({ valLoss }) => valLoss !== undefined);
  // What trials are judged by may be either.
  return isHeldOut || drawnTrials(data).length > 0 ? "loss" : "training loss";
}

/** What a figure shows, for readers who can't see it. */
export function figureInWords(data: FigureData): string {
  const { curve, suggestion } = data;
  const [first] = curve.lr;
  const last = curve.lr.at(-1);
  if (first === undefined || last === undefined) return "An empty sweep.";
  const sentences = [
    `${capitalized(lossAxisInWords(data))} against ${rateAxisInWords(data)}, ${curve.lr.length} rungs from ${formatRate(first)} to ${formatRate(last)}.`,
  ];
  const loss = lossInWords(curve);
  if (loss !== null) sentences.push(loss);
  sentences.push(`The sweep ${endInWords(curve.stopped)}.`.replace("sweep stopped:", "sweep was stopped:"));
  const trials = drawnTrials(data).map(({ lr }) => formatRate(lr));
  if (trials.length > 0) sentences.push(`Rates were tried for longer: ${trials.join(", ")}.`);
  if (suggestion) {
    const range = rangeInWords(suggestion);
    const said = suggestionInWords(suggestion) + (range === null ? "" : `, ${range}`);
    sentences.push(`${capitalized(said)}.`);
  }
  if (curve.band !== undefined)
    sentences.push(`It is the mean of ${curve.band.sweeps} sweeps, with the band between them.`);
  for (const { label, suggestion: pick } of data.overlay ?? [])
    sentences.push(`Drawn with it: ${label}${pick === undefined ? "" : `, ${suggestionInWords(pick)}`}.`);
  if (data.change === true) sentences.push("A second panel shows how fast the loss changes.");
  return sentences.join(" ");
}
