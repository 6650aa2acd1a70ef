import type { LadderMode } from "../curve/curve.js";
import type { RuleChoice } from "../rules/rules.js";

/** The options of a learning-rate search. */
export interface FindLrOptions {
  /** The lowest learning rate. @defaultValue 1e-6 */
  readonly minLr?: number;
  /** The highest learning rate. @defaultValue 10 */
  readonly maxLr?: number;
  /** The number of rates, with one optimizer step each, from 2 to 1,000,000. @defaultValue 100 */
  readonly numTraining?: number;
  /**
   * The factor from each rate to the next, greater than 1, as an alternative to `numTraining`. The rates start at `minLr` and
   * end at `maxLr`; the last factor can be smaller. Only for the mode `"exponential"`.
   */
  readonly growth?: number;
  /**
   * Whether the rule `auto` refines its pick with trials. A trial trains at one constant rate, from the state in which the
   * search began. `true` spends up to 300 training steps on trials, a number up to that many, at least 36. Trials are scored
   * on the `val` data if there is any and `val` is not false. See `bench/regret.md` for measurements.
   *
   * @defaultValue false
   */
  readonly refine?: boolean | number;
  /** Whether the rates increase by a constant factor or by a constant difference. @defaultValue "exponential" */
  readonly mode?: LadderMode;
  /**
   * Ends the sweep if the smoothed loss has risen above its minimum by this factor, less 1, times its fall; greater than 1, or
   * `null` to sweep all rates. Divergence is ignored during the first quarter of the rates. If the losses there differ by more
   * than the loss has fallen, their difference takes the place of the fall. A loss that is not finite always ends the sweep.
   *
   * @defaultValue 4
   */
  readonly earlyStopThreshold?: number | null;
  /** The factor of the exponential moving average that smooths the loss, in [0, 1). @defaultValue 0.9 */
  readonly beta?: number;
  /**
   * Whether rungs are scored by `validationStep` on the `val` data, after their training step: `true` scores every rung, a
   * number k every k-th rung and the last. Rules then read that loss, and the sweep ends if it diverges. With `refine`, `true`
   * scores only the trials, after each third of a trial. Needs `val` data.
   *
   * @defaultValue false; with `refine` true if there is `val` data
   */
  readonly val?: boolean | number;
  /**
   * The number of sweeps from the same state, whose losses are averaged. Each sweep has its own shuffles and its own dropout;
   * the batches differ only if the data is shuffled.
   *
   * @defaultValue 1
   */
  readonly repeats?: number;
  /** The index of the optimizer to sweep; the other optimizers keep their rate. @defaultValue the only optimizer */
  readonly optimizer?: number;
  /**
   * The rule that suggests a rate: its name, or a function of the curve. The first rule of a list decides;
   * `finder.suggestions()` applies all of them.
   *
   * @defaultValue "auto"
   */
  readonly rule?: RuleChoice | readonly RuleChoice[];
  /** The seed of shuffles and dropout. @defaultValue the random state that the next fit would use */
  readonly seed?: number;
  /** Aborts the search. */
  readonly signal?: AbortSignal;
  /** Whether a progress line is shown, or the Trainer's `onProgress` is called. @defaultValue true */
  readonly progress?: boolean;
}
