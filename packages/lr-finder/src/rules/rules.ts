import type { Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import { auto } from "./auto.js";
import { ignite } from "./ignite.js";
import { lightning } from "./lightning.js";
import { minimum } from "./minimum.js";
import { slide } from "./slide.js";
import { steepest } from "./steepest.js";
import { valley } from "./valley.js";

/** The names of the rules that come with the finder. */
export type RuleName = "auto" | "valley" | "minimum" | "steepest" | "slide" | "ignite" | "lightning";

/**
 * Reads a learning rate off a curve. Rules are pure: they change nothing, and the same curve gives the same
 * answer. All rules here read the smoothed loss, of held-out data where that was scored, up to the first loss that is
 * not finite.
 */
export type Rule = (curve: Curve) => Suggestion;

/** A rule by its name, or one of your own. */
export type RuleChoice = RuleName | Rule;

/** The rules that come with the finder, by name. */
export const rules: Readonly<Record<RuleName, Rule>> = {
  auto: (curve) => auto(curve),
  valley: (curve) => valley(curve),
  minimum: (curve) => minimum(curve),
  steepest: (curve) => steepest(curve),
  slide: (curve) => slide(curve),
  ignite: (curve) => ignite(curve),
  lightning: (curve) => lightning(curve),
};
