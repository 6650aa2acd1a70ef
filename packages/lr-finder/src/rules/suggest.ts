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
  return typeof rule === "function" ? checked(rule(curve)) : ruleNamed(rule)(curve);
}

/** What a rule of one's own gave; a rate of NaN would be written to the hyperparameters. */
function checked(given: unknown): Suggestion {
  if (isSuggestion(given)) return given;
  throw new FulmineError("INVALID_OPTION", "A rule of your own must return a suggestion.", {
    received: given,
    todo: 'Return { rule, lr, index, range: [low, high] }, or { rule, lr: null, index: null, range: null, reason: "flat" }.',
  });
}

function isSuggestion(given: unknown): given is Suggestion {
  if (typeof given !== "object" || given === null || !("lr" in given)) return false;
  const { lr } = given;
  if (lr === null) return "reason" in given && typeof given.reason === "string";
  const isRate = typeof lr === "number" && Number.isFinite(lr) && lr >= 0;
  return isRate && "range" in given && Array.isArray(given.range) && given.range.length === 2;
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
