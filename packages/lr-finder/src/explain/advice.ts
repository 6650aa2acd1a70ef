import type { Curve } from "../curve.js";
import { formatLoss } from "../figure/formatLoss.js";
import { formatRate } from "../figure/formatRate.js";
import { showsBatchesOnly } from "../rules/auto.js";
import { lowest } from "../rules/lowest.js";
import { readRungs, type Rung } from "../rules/rung.js";
import { rules, type RuleName } from "../rules/rules.js";
import { twoSidedMean } from "../rules/twoSidedMean.js";
import type { NoSuggestionReason, Suggestion } from "../suggestion.js";
import { usualOutside } from "./usualOutside.js";

/** The part of a sweep, at its end, in which a lowest loss means that it was still falling. */
const END_PART = 0.05;
/** With fewer rungs than this a rule reads chance. */
const FEW_RUNGS = 15;
/** A curve whose rungs are off by more than this part of its fall is noisy. */
const NOISY_PART = 0.5;
/** Picks that are this many times apart do not speak of the same rate. */
const FAR_APART = 100;
/** A linear ladder that spans more than this ratio has nearly all its rungs at high rates. */
const WIDE = 100;
/** The memory of the mean that noise is measured against; about ten rungs wide. */
const NOISE_BETA = 0.8;
/** Lightning's rule picks noise so often that it is no witness. */
const WITNESSES: readonly RuleName[] = ["valley", "minimum", "steepest", "ignite"];

const ON_NOTHING: Readonly<Record<NoSuggestionReason, string>> = {
  flat: "See that the loss depends on weights that are trainable, or raise `maxLr`.",
  "diverged-at-once": "Lower `minLr`; where that does not help, look at the loss and the data.",
  "too-few-points": "Raise `numTraining`.",
  "not-finite":
    "The weights were hardly touched then: look for NaN in the data, a logarithm of 0, or labels out of range; a fit with `detectAnomaly: true` names the step.",
};

/** What to do about what looks wrong, a sentence each; nothing where all looks well. */
export function adviceOn(curve: Curve, suggestion: Suggestion): string[] {
  const outside = usualOutside(curve);
  if (suggestion.lr === null)
    return suggestion.reason === "flat" ? onFlat(curve, outside) : [onNothing(suggestion.reason, outside)];
  const rungs = readRungs(curve);
  const said = [
    outside,
    stillFalling(curve, rungs),
    belowSweep(curve, suggestion.lr),
    fewRungs(curve, rungs),
    noise(rungs),
    ladder(curve),
    disagreement(curve),
  ];
  return said.filter((line) => line !== null);
}

function onNothing(reason: NoSuggestionReason, outside: string | null): string {
  return outside !== null && reason === "diverged-at-once" ? outside : ON_NOTHING[reason];
}

/** Where the usual rate was not swept, that is the likeliest reason. */
function onFlat(curve: Curve, outside: string | null): string[] {
  const noisy = showsBatchesOnly(curve) ? noise(readRungs(curve)) : null;
  return [outside ?? ON_NOTHING.flat, ...(noisy === null ? [] : [noisy])];
}

function stillFalling({ stopped, trials }: Curve, rungs: readonly Rung[]): string | null {
  const bottom = lowest(rungs, ({ loss }) => loss);
  if (trials !== undefined || stopped !== "finished" || bottom === undefined) return null;
  const isAtEnd = rungs.indexOf(bottom) >= (1 - END_PART) * (rungs.length - 1);
  return isAtEnd ? "The loss was still falling at the highest rate: raise `maxLr`." : null;
}

function belowSweep({ lr: [low = 0] }: Curve, pick: number): string | null {
  return pick < low
    ? `The pick lies below the lowest rate that was swept: lower \`minLr\` (${formatRate(low)}).`
    : null;
}

function fewRungs({ trials }: Curve, { length }: readonly Rung[]): string | null {
  return trials === undefined && length < FEW_RUNGS
    ? `Only ${length} rates could be read: raise \`numTraining\`, or lower \`minLr\` if the sweep ended early.`
    : null;
}

function noise(rungs: readonly Rung[]): string | null {
  const bottom = lowest(rungs, ({ loss }) => loss);
  const fall = (rungs[0]?.loss ?? NaN) - (bottom?.loss ?? NaN);
  const measured = rungs
    .slice(0, rungs.findIndex((rung) => rung === bottom) + 1)
    .map((rung) => rung.measured);
  const mean = twoSidedMean(measured, NOISE_BETA);
  const squares = measured.map((loss, i) => (loss - (mean[i] ?? NaN)) ** 2);
  const off = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  return off > NOISY_PART * fall
    ? `The loss is noisy: a rung is off by about ${formatLoss(off, 2)}, and the whole fall is ${formatLoss(fall, 2)}. Take larger batches, accumulate gradients, or average several sweeps: \`repeats: 3\`.`
    : null;
}

function ladder({ mode, lr }: Curve): string | null {
  return mode === "linear" && (lr.at(-1) ?? NaN) > WIDE * (lr[1] ?? NaN)
    ? 'A linear ladder over so wide a range has nearly all its rungs at high rates: use `mode: "exponential"`.'
    : null;
}

function disagreement(curve: Curve): string | null {
  if (curve.trials !== undefined) return null;
  const picks = WITNESSES.map((name) => rules[name](curve)).filter((pick) => pick.lr !== null);
  const [low, high] = [lowest(picks, ({ lr }) => lr), lowest(picks, ({ lr }) => -lr)];
  return low !== undefined && high !== undefined && high.lr > FAR_APART * low.lr
    ? `Rules disagree, from ${formatRate(low.lr)} (${low.rule}) to ${formatRate(high.lr)} (${high.rule}): look at the figure, or spend steps on \`refine: true\`.`
    : null;
}
