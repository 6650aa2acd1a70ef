import { FulmineError } from "@fulmine/core";
import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { rules, type Rule, type RuleChoice } from "./rules.js";

/**
 * Asks a rule what it makes of a curve.
 *
 * @param rule - a rule's name or a function of one's own. @defaultValue "auto"
 * @throws FulmineError `INVALID_OPTION` when there is no rule of that name.
 *
 * @example
 * ```ts
 * suggest(finder.results, "valley");
 * suggest(finder.results, (curve) => steepest(curve, { skipBegin: 20 }));
 * ```
 */
export function suggest(curve: Curve, rule: RuleChoice = "auto"): Suggestion {
  return typeof rule === "function" ? rule(curve) : ruleNamed(rule)(curve);
}

/** Plain JavaScript can pass any string, so the name is looked up as one. */
function ruleNamed(name: string): Rule {
  const rule = new Map<string, Rule>(Object.entries(rules)).get(name);
  if (rule !== undefined) return rule;
  const names = Object.keys(rules).map((known) => JSON.stringify(known));
  throw new FulmineError("INVALID_OPTION", `\`rule\` must be a function or one of ${names.join(", ")}.`, {
    received: name,
  });
}
