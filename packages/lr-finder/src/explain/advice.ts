import { counted } from "@fulmine/core/plugin";
import { formatLoss, formatRate } from "@fulmine/figure/plugin";
import { readRungs, type Curve, type Rung } from "../curve/curve.js";
import { lowest, twoSidedMean } from "../curve/statistics.js";
import { showsOnlyNoise } from "../rules/paired.js";
import { priorOf } from "../rules/prior.js";
import { rules, type RuleName } from "../rules/rules.js";
import type { FoundSuggestion, NoSuggestionReason, Suggestion } from "../rules/suggestion.js";
import { edgeOfTrials } from "./edgeOfTrials.js";

/** If the lowest loss is in this last part of the sweep, the loss was still falling. */
const END_PART = 0.05;
/** With fewer rungs a rule reads chance. */
const FEW_RUNGS = 15;
/** A curve is noisy if its rungs deviate by more than this part of the fall of the loss. */
const NOISY_PART = 0.5;
/** Rules disagree if their picks differ by more than this factor. */
const FAR_APART = 5;
/** If a linear ladder spans more than this factor, almost all its rungs are at high rates. */
const WIDE = 100;
/** The smoothing factor of the mean for measuring noise; its window is about ten rungs. */
const NOISE_BETA = 0.8;
/** The uncertainty of the usual rate as a factor; beyond it the text says "far". */
const FAR_OUTSIDE = 10 ** 0.5;
/** A pick is at an end of the ladder if it differs from it by no more than rounding. */
const ROUNDING = 1e-9;
/** The rules that are compared. Lightning's rule is left out because it often picks noise. */
const COMPARED: readonly RuleName[] = ["valley", "minimum", "steepest", "ignite"];

const NO_SUGGESTION: Readonly<Record<NoSuggestionReason, string>> = {
  flat: "Check that the loss depends on trainable weights, or raise `maxLr`.",
  "diverged-at-once": "Lower `minLr`. If that does not help, check the loss and the data.",
  "too-few-points": "Raise `numTraining`.",
  "not-finite":
    "No training made it so: look for NaN in the data, a logarithm of 0, or labels out of range. A fit with `detectAnomaly: true` names the step.",
};

const OTHERS_OR_DATA =
  "This optimizer did not make it so. Lower the rates of the others, or look for NaN in the data, a logarithm of 0, or labels out of range.";

/** Advice on a search, one sentence or two per entry; empty if nothing looks wrong. */
export function adviceOn(curve: Curve, suggestion: Suggestion): string[] {
  const outside = usualOutside(curve);
  const { untrained, optimizer } = curve;
  // At a rate of 0 of this optimizer the others have trained.
  if (suggestion.lr === null && suggestion.reason === "not-finite" && untrained && optimizer?.others)
    return [OTHERS_OR_DATA];
  if (suggestion.lr === null)
    return suggestion.reason === "flat" ? onFlat(curve, outside) : [onNothing(suggestion.reason, outside)];
  const rungs = readRungs(curve);
  const advice = [
    outside,
    edgeOfTrials(curve),
    stillFalling(curve, rungs),
    belowSweep(curve, suggestion.lr),
    outside === null ? atEnd(curve, suggestion) : null,
    othersTrain(curve),
    fewRungs(curve, rungs),
    noise(rungs),
    wideLinear(curve),
    disagreement(curve),
  ];
  return advice.filter((line) => line !== null);
}

/**
 * Advice on a ladder that does not contain the usual rate of the optimizer. Null if it does, if the optimizer is unknown, and
 * if the search ran trials, which are better evidence.
 */
export function usualOutside(curve: Curve): string | null {
  const { lr, stopped, optimizer, trials } = curve;
  const [low = NaN, high = NaN] = [lr[0], lr.at(-1)];
  const usual = priorOf(curve)?.usual;
  if (usual === undefined || !Number.isFinite(usual) || trials !== undefined) return null;
  const subject = `The usual rate of ${optimizer?.name ?? ""}, ${formatRate(usual)}, is`;
  const farIf = (factor: number): string => (factor > FAR_OUTSIDE ? "far " : "");
  // A sweep that stopped early does not show where its ladder ends.
  if (usual > high && stopped === "finished")
    return `${subject} ${farIf(usual / high)}above the highest rate of the sweep, ${formatRate(high)}: raise \`maxLr\`.`;
  if (usual < low)
    return `${subject} ${farIf(low / usual)}below the lowest rate of the sweep, ${formatRate(low)}: lower \`minLr\`.`;
  return null;
}

function onNothing(reason: NoSuggestionReason, outside: string | null): string {
  return outside !== null && reason === "diverged-at-once" ? outside : NO_SUGGESTION[reason];
}

/** If the sweep did not include the usual rate, that is the most likely cause of a flat curve. */
function onFlat(curve: Curve, outside: string | null): string[] {
  if (outside === null && (curve.optimizer?.others ?? 0) > 0)
    return [
      "The loss may have changed through the other optimizers alone. Check that it depends on what this one trains, or choose another with the option `optimizer`.",
    ];
  const noisy = showsOnlyNoise(curve) ? noise(readRungs(curve)) : null;
  return [outside ?? NO_SUGGESTION.flat, ...(noisy === null ? [] : [noisy])];
}

function stillFalling({ stopped, trials }: Curve, rungs: readonly Rung[]): string | null {
  const bottom = lowest(rungs, ({ loss }) => loss);
  if (trials !== undefined || stopped !== "finished" || bottom === undefined) return null;
  const isAtEnd = rungs.indexOf(bottom) >= (1 - END_PART) * (rungs.length - 1);
  return isAtEnd ? "The loss was still falling at the highest rate: raise `maxLr`." : null;
}

function belowSweep({ lr: [low = 0] }: Curve, pick: number): string | null {
  return pick < low
    ? `The suggested rate is below the lowest rate of the sweep: lower \`minLr\` (${formatRate(low)}).`
    : null;
}

/** `auto` cuts its pick off at the ends of what the sweep showed; its reader must know where that decides. */
function atEnd({ lr, stopped }: Curve, { lr: pick, rule, basis, range }: FoundSuggestion): string | null {
  if (rule !== "auto" || basis === "trials") return null;
  const isAt = (end: number | undefined): boolean => Math.abs(pick / (end ?? NaN) - 1) < ROUNDING;
  if (isAt(lr[0])) return "The pick was cut off at the lowest rate of the sweep: lower `minLr`.";
  if (stopped === "finished" && isAt(lr.at(-1)))
    return "The pick was cut off at the highest rate of the sweep: raise `maxLr`.";
  return isAt(range[1])
    ? "The pick was cut off at the highest rate that does not raise the loss: try lower rates too, or set `refine: true`."
    : null;
}

function othersTrain({ optimizer, untrained }: Curve): string | null {
  const { others = 0, name = "" } = optimizer ?? {};
  if (others === 0) return null;
  const what = others === 1 ? "Another optimizer trained" : `${others} other optimizers trained`;
  const effect =
    untrained === undefined
      ? "The loss also shows what that did."
      : `Only what ${name} added to that was read.`;
  return `${what} meanwhile. ${effect} The rate fits only together with the rates of the others.`;
}

function fewRungs({ trials }: Curve, { length }: readonly Rung[]): string | null {
  return trials === undefined && length < FEW_RUNGS
    ? `Only ${counted(length, "rate has", "rates have")} a readable loss: raise \`numTraining\`, or lower \`minLr\` if the sweep ended early.`
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
  const deviation = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  return deviation > NOISY_PART * fall
    ? `The loss is noisy: its standard deviation is about ${formatLoss(deviation, 2)}, and the smoothed loss falls by ${formatLoss(fall, 2)}. Use larger batches, accumulate gradients, or average several sweeps (\`repeats: 3\`).`
    : null;
}

function wideLinear({ mode, lr }: Curve): string | null {
  return mode === "linear" && (lr.at(-1) ?? NaN) > WIDE * (lr[1] ?? NaN)
    ? 'With linear spacing over such a wide range almost all rates are high: use `mode: "exponential"`.'
    : null;
}

function disagreement(curve: Curve): string | null {
  if (curve.trials !== undefined) return null;
  const picks = COMPARED.map((name) => rules[name](curve)).filter((pick) => pick.lr !== null);
  const [low, high] = [lowest(picks, ({ lr }) => lr), lowest(picks, ({ lr }) => -lr)];
  return low !== undefined && high !== undefined && high.lr > FAR_APART * low.lr
    ? `The rules disagree, from ${formatRate(low.lr)} (${low.rule}) to ${formatRate(high.lr)} (${high.rule}): look at the figure, or set \`refine: true\`.`
    : null;
}
