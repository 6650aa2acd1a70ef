import type { Curve } from "../curve.js";
import { formatRate } from "../figure/formatRate.js";
import { experienceWith } from "../rules/experience.js";
import { readRungs } from "../rules/rung.js";
import { rules, type RuleName } from "../rules/rules.js";
import { untrainedLoss } from "../rules/untrainedLoss.js";
import type { Suggestion } from "../suggestion.js";

const READINGS: Readonly<Record<Exclude<RuleName, "auto">, string>> = {
  valley: "the point half-way down the longest fall of the loss",
  minimum: "a tenth of the rate of the lowest loss",
  steepest: "the point where the loss falls fastest",
  slide: "the point where an interval that slides down from the highest rates comes to rest",
  ignite: "the point where the loss falls fastest before it is lowest",
  lightning: "the point where the loss falls fastest over the rate itself",
};

const EDGE = "the last rate that does not raise the loss";

/** What a rule takes from a curve, as the end of a sentence; null for a rule that is not the finder's own. */
export function readingInWords(curve: Curve, suggestion: Suggestion): string | null {
  const { rule } = suggestion;
  if (suggestion.lr !== null && suggestion.basis === "trials") return trialsInWords(curve, suggestion.lr);
  if (!isOwn(rule)) return null;
  if (rule === "auto") return autoInWords(curve);
  const over =
    rule === "steepest" || rule === "ignite" ? (curve.mode === "linear" ? " over lr" : " over log(lr)") : "";
  return READINGS[rule].replace("falls fastest", `falls fastest${over}`);
}

function trialsInWords({ trials = [] }: Curve, pick: number): string {
  return trials.some(({ lr }) => lr === pick)
    ? "the rate of the best trial"
    : "the lowest point of the parabola through the best trial and its neighbours";
}

function autoInWords(curve: Curve): string {
  const untrained = untrainedLoss(readRungs(curve).map(({ measured }) => measured));
  const known = experienceWith(curve.optimizer, untrained);
  if (known === null) return `a mean over log(lr) of ${READINGS.valley} and a tenth of ${EDGE}`;
  const { usual, powers } = known;
  const parts = [
    [powers.usual, `${formatRate(usual)}, usual with ${curve.optimizer?.name ?? ""}`],
    [powers.valley, READINGS.valley],
    [powers.edge, EDGE],
  ] as const;
  const said = parts
    .filter(([power]) => power > 0)
    .map(([power, what]) => `${what} (${Math.round(100 * power)}%)`);
  return `a weighted mean over log(lr) of ${said.slice(0, -1).join(", ")} and ${said.at(-1) ?? ""}`;
}

function isOwn(rule: string): rule is RuleName {
  return Object.hasOwn(rules, rule);
}
