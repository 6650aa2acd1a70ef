import { counted } from "@fulmine/core/plugin";
import { formatLoss, formatRate } from "@fulmine/figure/plugin";
import { readLosses, readRungs, type Curve } from "../curve/curve.js";
import { showsOnlyNoise } from "../rules/paired.js";
import { priorOf } from "../rules/prior.js";
import { rules, type RuleName } from "../rules/rules.js";
import { unreadable, type NoSuggestion, type Suggestion } from "../rules/suggestion.js";
import { adviceOn } from "./advice.js";
import { lossInWords, noSuggestionInWords, stopInWords } from "./words.js";

/**
 * Describes a search in text: what was swept, what the loss did, what a rule suggests and why, and what to change if something
 * looks wrong. One to three sentences per line.
 */
export function explain(curve: Curve, suggestion: Suggestion): string {
  if (curve.lr.length === 0) return "The sweep is empty.";
  const lines = [
    sweepInWords(curve),
    pairingInWords(curve),
    lossInWords(curve),
    trialsInWords(curve),
    pickInWords(curve, suggestion),
    ...adviceOn(curve, suggestion),
  ];
  return lines.filter((line) => line !== null).join("\n");
}

function sweepInWords({ lr, mode, band, stopped }: Curve): string {
  const average = band === undefined ? "" : `, averaged over ${band.sweeps} sweeps`;
  const range = `${formatRate(lr[0] ?? NaN)} to ${formatRate(lr.at(-1) ?? NaN)}`;
  const cause = stopInWords(stopped);
  const end = cause === null ? "It ran to its end" : `It stopped there because ${cause}`;
  return `Swept ${counted(lr.length, "rate")} from ${range} (${mode}), one optimizer step each${average}. ${end}.`;
}

function pairingInWords({ untrained, stopped, optimizer }: Curve): string | null {
  if (untrained === undefined) return null;
  const others = optimizer?.others ?? 0;
  const cause =
    stopped === "not-finite"
      ? "to see whether the data cause the loss that is not finite"
      : others > 0
        ? `because ${others === 1 ? "another optimizer" : "other optimizers"} trained meanwhile`
        : "because the losses alone look like noise";
  return `Took ${untrained.length} of these steps again at a rate of 0 and compared the losses batch by batch, ${cause}.`;
}

function trialsInWords({ trials }: Curve): string | null {
  if (trials === undefined) return null;
  const steps = Math.max(...trials.map(({ loss }) => loss.length));
  const results = trials.map(({ lr, score }) => `${formatRate(lr)} ${scoreInWords(score)}`);
  return `Ran trials of up to ${counted(steps, "step")} each on the same batches: ${results.join(", ")}.`;
}

function scoreInWords(score: number): string {
  return score === Infinity ? "was stopped early" : `reached ${formatLoss(score, 3)}`;
}

function pickInWords(curve: Curve, suggestion: Suggestion): string {
  const reading = readingInWords(curve, suggestion);
  const subject =
    reading === null ? `The rule ${suggestion.rule}` : `The rule ${suggestion.rule} takes ${reading}. It`;
  if (suggestion.lr === null) return `${subject} suggests no rate: ${causeInWords(curve, suggestion)}.`;
  const [low, high] = suggestion.range;
  const range = low === high ? "" : `; rates from ${formatRate(low)} to ${formatRate(high)} are usable`;
  const at = curve.lr[suggestion.index] ?? NaN;
  const loss = readLosses(curve).smoothed[suggestion.index] ?? NaN;
  const isMeasured = Number.isFinite(loss) && Math.abs(Math.log(at / suggestion.lr)) < 0.5;
  return `${subject} suggests ${formatRate(suggestion.lr)}${range}.${isMeasured ? "" : " The sweep did not measure that rate."}`;
}

function causeInWords(curve: Curve, { reason }: NoSuggestion): string {
  const { untrained = [], optimizer } = curve;
  const broken = untrained.findIndex((loss) => !Number.isFinite(loss));
  if (reason === "not-finite" && broken >= 0)
    return `the loss of step ${broken + 1} is not finite without ${optimizer?.others ? "this optimizer" : "training"} either`;
  const isNoise =
    reason === "flat" && showsOnlyNoise(curve) && unreadable(curve, readRungs(curve), 3) === null;
  if (!isNoise) return noSuggestionInWords(reason);
  return (optimizer?.others ?? 0) > 0
    ? "the loss changed as it does without this optimizer"
    : "the loss changed only by the noise between batches";
}

/** What each rule reads from a curve; `axis` is what the curve is read over. */
const READINGS: Readonly<Record<Exclude<RuleName, "auto">, (axis: string) => string>> = {
  valley: () => "the middle of the longest fall of the loss",
  minimum: () => "a tenth of the rate of the lowest loss",
  steepest: (axis) => `the rate at which the loss falls fastest over ${axis}`,
  slide: () =>
    "the lower end of an interval that moves down from the highest rates until the slopes at its ends are similar",
  ignite: (axis) => `the rate before the lowest loss at which the loss falls fastest over ${axis}`,
  lightning: () => "the rate at which the loss falls fastest over lr",
};

const EDGE = "the highest rate that does not raise the loss";

/** What a rule reads from a curve, as a noun phrase; null for a user's rule. */
function readingInWords(curve: Curve, suggestion: Suggestion): string | null {
  const { rule } = suggestion;
  if (suggestion.lr !== null && suggestion.basis === "trials") return bestTrialInWords(curve, suggestion.lr);
  if (!isRuleName(rule)) return null;
  if (rule === "auto") return autoInWords(curve);
  return READINGS[rule](curve.mode === "linear" ? "lr" : "log(lr)");
}

function bestTrialInWords({ trials = [] }: Curve, pick: number): string {
  return trials.some(({ lr }) => lr === pick)
    ? "the rate of the best trial"
    : "the minimum of the parabola through the best trial and its neighbours";
}

function autoInWords(curve: Curve): string {
  const valley = READINGS.valley("log(lr)");
  const prior = priorOf(curve);
  if (prior === null)
    return `the geometric mean of ${valley} and a tenth of ${EDGE}: all of it is read from the curve`;
  const { usual, powers } = prior;
  const parts = [
    [
      powers.usual,
      `the usual rate of ${curve.optimizer?.name ?? ""} (${formatRate(usual)}${weightsInWords(curve)})`,
    ],
    [powers.valley, valley],
    [powers.edge, `a tenth of ${EDGE}`],
  ] as const;
  const weighted = parts
    .filter(([power]) => power > 0)
    .map(([power, what]) => `${Math.round(100 * power)}% ${what}`);
  const known = Math.round(100 * powers.usual);
  return `a weighted geometric mean, ${known}% prior knowledge and ${100 - known}% curve: ${weighted.join(", ")}`;
}

/** Names the weights that count if these are not all. */
function weightsInWords({ optimizer }: Curve): string {
  const { weights, effectiveWeights = weights } = optimizer ?? {};
  return effectiveWeights === weights ? "" : `, as for ${effectiveWeights} weights`;
}

function isRuleName(rule: string): rule is RuleName {
  return Object.hasOwn(rules, rule);
}
