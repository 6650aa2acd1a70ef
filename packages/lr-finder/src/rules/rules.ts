import { FulmineError } from "@fulmine/core";
import type { Curve } from "../curve/curve.js";
import { auto } from "./auto.js";
import { minimum, slide, valley } from "./peers/fastai.js";
import { ignite } from "./peers/ignite.js";
import { lightning } from "./peers/lightning.js";
import { steepest } from "./peers/torchLrFinder.js";
import type { Suggestion } from "./suggestion.js";

/** The names of the rules of this package. */
export type RuleName = "auto" | "valley" | "minimum" | "steepest" | "slide" | "ignite" | "lightning";

/**
 * Reads a learning rate from a curve. A rule is a pure function. The rules of this package read the smoothed loss up to the
 * first loss that is not finite; they read the held-out loss if there is one.
 */
export type Rule = (curve: Curve) => Suggestion;

/** The name of a rule, or your own rule. */
export type RuleChoice = RuleName | Rule;

/** The rules of this package by name. */
export const rules: Readonly<Record<RuleName, Rule>> = {
  auto: (curve) => auto(curve),
  valley: (curve) => valley(curve),
  minimum: (curve) => minimum(curve),
  steepest: (curve) => steepest(curve),
  slide: (curve) => slide(curve),
  ignite: (curve) => ignite(curve),
  lightning: (curve) => lightning(curve),
};

/**
 * Applies a rule to a curve.
 *
 * @param rule - The name of a rule, or your own function. @defaultValue "auto"
 * @throws FulmineError `INVALID_OPTION` if there is no rule of that name, or if your function returns no suggestion.
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

/** Checks the result of a user's rule; otherwise a rate of NaN would be written to the hyperparameters. */
function checked(given: unknown): Suggestion {
  if (isSuggestion(given)) return given;
  throw new FulmineError("INVALID_OPTION", "Your own rule must return a suggestion.", {
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

/** The rule of a name. Plain JavaScript can pass any string, also one that every object has as a property. */
function ruleNamed(name: string): Rule {
  const rule = new Map<string, Rule>(Object.entries(rules)).get(name);
  if (rule !== undefined) return rule;
  const names = Object.keys(rules).map((known) => JSON.stringify(known));
  throw new FulmineError("INVALID_OPTION", `\`rule\` must be a function or one of ${names.join(", ")}.`, {
    received: name,
  });
}
