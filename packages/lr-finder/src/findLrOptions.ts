import { FulmineError } from "@fulmine/core";
import type { LadderMode } from "./curve.js";
import { rules, type Rule, type RuleName } from "./rules/rules.js";

/** How the learning rate is searched for. */
export interface FindLrOptions {
  /** The lowest learning rate. @defaultValue 1e-6 */
  readonly minLr?: number;
  /** The highest learning rate. @defaultValue 10 */
  readonly maxLr?: number;
  /**
   * The number of rates that the sweep climbs, one optimizer step each.
   *
   * @defaultValue 100, or 20 where trials follow
   */
  readonly numTraining?: number;
  /**
   * Whether the rule `auto` picks by short trials, each from the very state in which the search began, rather than off the
   * curve: `true` spends 80 training steps on them, a number of at least 48 that many. On the tasks that were measured
   * they pick better on most and worse on some, see `bench/regret.md`.
   *
   * @defaultValue false, true with `refine`
   */
  readonly trials?: boolean | number;
  /**
   * Whether two long trials on either side of the pick decide in the end, which costs 300 training steps more; a number
   * gives how many.
   *
   * @defaultValue false
   */
  readonly refine?: boolean | number;
  /** Whether rates grow by a constant factor or by a constant difference. @defaultValue "exponential" */
  readonly mode?: LadderMode;
  /** Ends the sweep when the smoothed loss exceeds this many times its best; `null` never does. @defaultValue 4 */
  readonly earlyStopThreshold?: number | null;
  /** How strongly the loss is smoothed, in [0, 1). @defaultValue 0.9 */
  readonly beta?: number;
  /** Which of several optimizers is swept; the others keep their rate. @defaultValue the only one */
  readonly optimizer?: number;
  /** How the rate is picked: a rule's name, or a function of the curve. @defaultValue "auto" */
  readonly rule?: RuleName | Rule;
  /** A seed for shuffles and dropout of the sweep; left out, it sees what the next fit would see. */
  readonly seed?: number;
  /** Ends the search when it is aborted. */
  readonly signal?: AbortSignal;
  /** Whether a live line of progress is shown. @defaultValue true */
  readonly progress?: boolean;
}

/** The options of a search with every default filled in. */
export type ResolvedFindLrOptions = Required<Omit<FindLrOptions, Optional | "trials" | "refine">> &
  Pick<FindLrOptions, Optional> & { readonly trials: number; readonly refine: number };
type Optional = "seed" | "signal" | "optimizer";

const defaults: Omit<ResolvedFindLrOptions, Optional> = {
  minLr: 1e-6,
  maxLr: 10,
  numTraining: 100,
  mode: "exponential",
  earlyStopThreshold: 4,
  beta: 0.9,
  trials: 0,
  refine: 0,
  rule: "auto",
  progress: true,
};

/** How 100 steps are spent where trials decide: the sweep before them need only show about where the loss leaves. */
const RUNGS_BEFORE_TRIALS = 20;
const TRIAL_STEPS = 80;
const REFINE_STEPS = 300;

const allowed: readonly string[] = [...Object.keys(defaults), "optimizer", "seed", "signal"];

/**
 * Fills in the defaults and checks everything before any work is done.
 *
 * @throws {@link FulmineError} `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the option.
 */
export function resolveFindLrOptions(given: FindLrOptions): ResolvedFindLrOptions {
  const unknown = Object.keys(given).find((name) => !allowed.includes(name));
  if (unknown !== undefined) {
    throw new FulmineError("UNKNOWN_OPTION", `\`findLr\` has no option \`${unknown}\`.`, {
      todo: `It takes: ${allowed.join(", ")}.`,
    });
  }
  const present = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as FindLrOptions;
  const refine = stepsOf(present.refine ?? false, REFINE_STEPS);
  const trials = stepsOf(present.trials ?? refine > 0, TRIAL_STEPS);
  const sweepBefore = trials > 0 ? { numTraining: RUNGS_BEFORE_TRIALS } : {};
  const options: ResolvedFindLrOptions = { ...defaults, ...sweepBefore, ...present, trials, refine };
  const { minLr, maxLr, numTraining, mode, earlyStopThreshold, beta, rule, optimizer, seed } = options;
  const lowest = mode === "linear" ? 0 : Number.MIN_VALUE;
  demand(
    "mode",
    mode === "exponential" || (mode as string) === "linear",
    'must be "exponential" or "linear"',
    mode,
  );
  demand("minLr", Number.isFinite(minLr) && minLr >= lowest, "must be a finite number above 0", minLr);
  demand(
    "maxLr",
    Number.isFinite(maxLr) && maxLr > minLr,
    `must be a finite number above \`minLr\` (${minLr})`,
    maxLr,
  );
  demand(
    "numTraining",
    Number.isInteger(numTraining) && numTraining >= 2,
    "must be a whole number of at least 2",
    numTraining,
  );
  demand(
    "trials",
    Number.isInteger(trials) && (trials === 0 || (trials >= 48 && mode === "exponential" && rule === "auto")),
    'must be true, false or a whole number of at least 48, and needs the rule "auto" and the mode "exponential"',
    present.trials,
  );
  demand(
    "refine",
    Number.isInteger(refine) && (refine === 0 || (refine >= 20 && trials > 0)),
    "must be true, false or a whole number of at least 20, and needs `trials`",
    present.refine,
  );
  demand("beta", beta >= 0 && beta < 1, "must be at least 0 and below 1", beta);
  demand(
    "earlyStopThreshold",
    earlyStopThreshold === null || earlyStopThreshold > 1,
    "must be above 1, or null",
    earlyStopThreshold,
  );
  demand(
    "rule",
    typeof rule === "function" || Object.hasOwn(rules, rule),
    `must be a function or one of: ${Object.keys(rules).join(", ")}`,
    rule,
  );
  demand(
    "optimizer",
    optimizer === undefined || Number.isInteger(optimizer),
    "must be the index of an optimizer",
    optimizer,
  );
  demand("seed", seed === undefined || Number.isSafeInteger(seed), "must be a whole number", seed);
  return options;
}

/** The steps that a switch stands for, or the number that was given. */
function stepsOf(given: boolean | number, usual: number): number {
  return given === true ? usual : Number(given);
}

function demand(name: string, holds: boolean, must: string, received: unknown): void {
  if (!holds) throw new FulmineError("INVALID_OPTION", `\`${name}\` of \`findLr\` ${must}.`, { received });
}
