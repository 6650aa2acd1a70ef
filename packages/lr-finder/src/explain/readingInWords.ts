import type { Curve } from "../curve.js";
import { rules, type RuleName } from "../rules/rules.js";
import type { Suggestion } from "../suggestion.js";

const READINGS: Readonly<Record<RuleName, string>> = {
  auto: "the mean, over log(lr), of the point half-way down the longest fall of the loss and of the middle one of that, a tenth of the rate of the lowest loss and a tenth of the last rate that does not raise it",
  valley: "the point half-way down the longest fall of the loss",
  minimum: "a tenth of the rate of the lowest loss",
  steepest: "the point where the loss falls fastest",
  slide: "the point where an interval that slides down from the highest rates comes to rest",
  ignite: "the point where the loss falls fastest before it is lowest",
  lightning: "the point where the loss falls fastest over the rate itself",
};

/** What goes before it where the pick would be higher. */
const CEILED = "the highest rate that Adam is trusted with on a curve, as it is below ";

/** What a rule takes from a curve, as the end of a sentence; null for a rule that is not the finder's own. */
export function readingInWords({ mode, ceiling }: Curve, suggestion: Suggestion): string | null {
  const { rule } = suggestion;
  if (suggestion.lr !== null && suggestion.basis === "trials")
    return "the lowest point of the parabola through the best trial and its neighbours";
  if (!isOwn(rule)) return null;
  const over =
    rule === "steepest" || rule === "ignite" ? (mode === "linear" ? " over lr" : " over log(lr)") : "";
  const most = rule === "auto" && suggestion.lr === ceiling ? `${CEILED}${READINGS.auto}` : READINGS[rule];
  return most.replace("falls fastest", `falls fastest${over}`);
}

function isOwn(rule: string): rule is RuleName {
  return Object.hasOwn(rules, rule);
}
