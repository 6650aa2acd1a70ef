import type { LadderMode } from "./curve.js";
import type { RuleChoice } from "./rules/rules.js";

/** How the learning rate is searched for. */
export interface FindLrOptions {
  /** The lowest learning rate. @defaultValue 1e-6 */
  readonly minLr?: number;
  /** The highest learning rate. @defaultValue 10 */
  readonly maxLr?: number;
  /** The number of rates that the sweep climbs, one optimizer step each; a million at most. @defaultValue 100 */
  readonly numTraining?: number;
  /**
   * The factor from each rate to the next, above 1, instead of a number of rates: from `minLr` on until `maxLr` is reached.
   * The last rate is `maxLr` itself, by whatever smaller factor is left to it. For the exponential mode only.
   */
  readonly growth?: number;
  /**
   * Whether the rule `auto` checks its pick by trials, each from the very state in which the search began: `true` spends up
   * to 300 training steps on them, a number of at least 36 up to that many. They are judged by held-out losses where there
   * is `val` data, unless `val` is false. `bench/regret.md` has how well that picks.
   *
   * @defaultValue false
   */
  readonly refine?: boolean | number;
  /** Whether rates grow by a constant factor or by a constant difference. @defaultValue "exponential" */
  readonly mode?: LadderMode;
  /**
   * Ends the sweep when the smoothed loss exceeds this many times its best; `null` never does. Nothing ends it within the
   * first quarter of its rates but a loss that is not finite, and where losses differ by as much there, as on a model
   * whose loss is next to nothing already, it must exceed all of these as well.
   *
   * @defaultValue 4
   */
  readonly earlyStopThreshold?: number | null;
  /** How strongly the loss is smoothed, in [0, 1). @defaultValue 0.9 */
  readonly beta?: number;
  /**
   * Whether rungs are scored on the held-out data, after their step and by `validationStep`: `true` scores each, a number
   * every so many and the last. Rules then read that loss, and the sweep ends when it diverges. With `refine`, `true`
   * judges its trials by it, after each third of them, and the sweep is not scored. Needs `val` data.
   *
   * @defaultValue false, and with `refine` whether there is `val` data
   */
  readonly val?: boolean | number;
  /**
   * How many sweeps are made from the same state, each with shuffles and dropout of its own, and averaged by rung: what is
   * noise differs between them. Data that is never shuffled gives each the same batches.
   *
   * @defaultValue 1
   */
  readonly repeats?: number;
  /** Which of several optimizers is swept; the others keep their rate. @defaultValue the only one */
  readonly optimizer?: number;
  /**
   * How the rate is picked: a rule's name, or a function of the curve. Of a list the first decides, and
   * `finder.suggestions()` gives the picks of all.
   *
   * @defaultValue "auto"
   */
  readonly rule?: RuleChoice | readonly RuleChoice[];
  /** A seed for shuffles and dropout of the sweep; left out, it sees what the next fit would see. */
  readonly seed?: number;
  /** Ends the search when it is aborted. */
  readonly signal?: AbortSignal;
  /** Whether progress is shown by a live line, or told to the Trainer's `onProgress`. @defaultValue true */
  readonly progress?: boolean;
}
