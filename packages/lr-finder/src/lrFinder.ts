import type { Curve } from "./curve.js";
import type { LrFigure } from "./lrFigure.js";
import { suggest } from "./rules/suggest.js";
import type { Rule, RuleName } from "./rules/rules.js";
import type { Suggestion } from "./suggestion.js";

/**
 * What a search found: the curve, and whatever rate a rule reads from it.
 *
 * @example
 * ```ts
 * const finder = await trainer.findLr(model, { train });
 * model.hparams.lr = finder.suggestion() ?? 0.02;
 * await (await finder.plot({ suggest: true })).save("lr.svg");
 * ```
 */
export class LrFinder {
  /** The measured curve: `lr`, `loss`, `smoothed` and how the sweep ended. */
  readonly results: Curve;
  readonly #rule: RuleName | Rule;

  constructor(results: Curve, rule: RuleName | Rule = "auto") {
    this.results = results;
    this.#rule = rule;
  }

  /**
   * The learning rate that a rule suggests, `null` when it finds none; nothing is trained anew.
   *
   * @param rule - A rule's name or a function of the curve. @defaultValue the search's own
   */
  suggestion(rule: RuleName | Rule = this.#rule): number | null {
    return this.suggest(rule).lr;
  }

  /** Like {@link LrFinder.suggestion}, with the range in which the rule holds rates to be usable, or why there is none. */
  suggest(rule: RuleName | Rule = this.#rule): Suggestion {
    return suggest(this.results, rule);
  }

  /**
   * Draws the curve; what draws is loaded then.
   *
   * @param options - `suggest`: whether the pick is marked, false when left out; `rule`: whose pick; `title`.
   */
  async plot(
    options: { readonly suggest?: boolean; readonly rule?: RuleName | Rule; readonly title?: string } = {},
  ): Promise<LrFigure> {
    const { suggest: isMarked = false, rule, title } = options;
    const { LrFigure } = await import("./lrFigure.js");
    return new LrFigure({
      curve: this.results,
      ...(isMarked ? { suggestion: this.suggest(rule) } : {}),
      ...(title === undefined ? {} : { title }),
    });
  }
}
