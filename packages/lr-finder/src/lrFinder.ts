import type { Curve } from "./curve.js";
import { LrFigure } from "./lrFigure.js";
import { suggest } from "./rules/suggest.js";
import type { RuleChoice } from "./rules/rules.js";
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
  /** The search's own rules; the first decides. */
  readonly rules: readonly RuleChoice[];

  constructor(results: Curve, rule: RuleChoice | readonly RuleChoice[] = "auto") {
    this.results = results;
    this.rules = [rule].flat();
  }

  /**
   * The learning rate that a rule suggests, `null` when it finds none; nothing is trained anew.
   *
   * @param rule - A rule's name or a function of the curve. @defaultValue the search's own
   */
  suggestion(rule?: RuleChoice): number | null {
    return this.suggest(rule).lr;
  }

  /** Like {@link LrFinder.suggestion}, with the range in which the rule holds rates to be usable, or why there is none. */
  suggest(rule: RuleChoice | undefined = this.rules[0]): Suggestion {
    return suggest(this.results, rule);
  }

  /**
   * What each of several rules makes of the curve; nothing is trained anew.
   *
   * @param rules - Their names, or functions of the curve. @defaultValue the search's own
   * @example
   * ```ts
   * for (const { rule, lr } of finder.suggestions(["valley", "minimum"])) console.log(rule, lr);
   * ```
   */
  suggestions(rules: readonly RuleChoice[] = this.rules): readonly Suggestion[] {
    return rules.map((rule) => this.suggest(rule));
  }

  /**
   * Draws the curve.
   *
   * @param options - `suggest`: whether the pick is marked, false when left out; `rule`: whose pick; `title`.
   */
  plot(
    options: { readonly suggest?: boolean; readonly rule?: RuleChoice; readonly title?: string } = {},
  ): Promise<LrFigure> {
    const { suggest: isMarked = false, rule, title } = options;
    return Promise.resolve(
      new LrFigure({
        curve: this.results,
        ...(isMarked ? { suggestion: this.suggest(rule) } : {}),
        ...(title === undefined ? {} : { title }),
      }),
    );
  }
}
