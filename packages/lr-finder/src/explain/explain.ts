import { readLosses, type Curve } from "../curve.js";
import { formatLoss } from "../figure/formatLoss.js";
import { formatRate } from "../figure/formatRate.js";
import { capitalized, endInWords, lossInWords, whyNoneInWords } from "../figure/words.js";
import { showsBatchesOnly } from "../rules/auto.js";
import { readRungs } from "../rules/rung.js";
import { unreadable } from "../rules/unreadable.js";
import type { Suggestion } from "../suggestion.js";
import { adviceOn } from "./advice.js";
import { readingInWords } from "./readingInWords.js";

/**
 * Tells in words what a search did, what the loss did, what a rule made of it, and what to do about what looks wrong: a
 * sentence or two a line.
 */
export function explain(curve: Curve, suggestion: Suggestion): string {
  if (curve.lr.length === 0) return "The sweep is empty.";
  const lines = [
    sweepInWords(curve),
    lossInWords(curve),
    trialsInWords(curve),
    pickInWords(curve, suggestion),
    ...adviceOn(curve, suggestion),
  ];
  return lines.filter((line) => line !== null).join("\n");
}

function sweepInWords({ lr, mode, band, stopped }: Curve): string {
  const times = band === undefined ? "" : `, ${band.sweeps} times, averaged`;
  const range = `${formatRate(lr[0] ?? NaN)} to ${formatRate(lr.at(-1) ?? NaN)}`;
  const end = stopped === "finished" ? "It went to its end" : capitalized(`${endInWords(stopped)} there`);
  return `Swept ${lr.length} rates from ${range} (${mode}), one optimizer step each${times}. ${end}.`;
}

function trialsInWords({ trials }: Curve): string | null {
  if (trials === undefined) return null;
  const steps = Math.max(...trials.map(({ loss }) => loss.length));
  const tried = trials.map(({ lr, score }) => `${formatRate(lr)} ${scoreInWords(score)}`);
  return `Tried rates for up to ${steps} steps each, on the same batches: ${tried.join(", ")}.`;
}

function scoreInWords(score: number): string {
  return score === Infinity ? "was given up" : `came to ${formatLoss(score, 3)}`;
}

function pickInWords(curve: Curve, suggestion: Suggestion): string {
  const reading = readingInWords(curve, suggestion);
  const said = `The rule ${suggestion.rule}${reading === null ? "" : ` takes ${reading}, and`} suggests`;
  if (suggestion.lr === null) {
    const isNoise =
      suggestion.reason === "flat" &&
      showsBatchesOnly(curve) &&
      unreadable(curve, readRungs(curve), 3) === null;
    const why = isNoise
      ? "the loss changed no more than from batch to batch"
      : whyNoneInWords(suggestion.reason);
    return `${said} nothing: ${why}.`;
  }
  const [low, high] = suggestion.range;
  const range = low === high ? "" : `, and takes ${formatRate(low)} to ${formatRate(high)} for usable`;
  const at = curve.lr[suggestion.index] ?? NaN;
  const loss = readLosses(curve).smoothed[suggestion.index] ?? NaN;
  const isMeasured = Number.isFinite(loss) && Math.abs(Math.log(at / suggestion.lr)) < 0.5;
  return `${said} ${formatRate(suggestion.lr)}${range}.${isMeasured ? "" : " That rate itself was not swept."}`;
}
