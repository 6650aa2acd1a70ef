import { checkNames, demand as demandOf } from "./checkNames.js";
import type { FindLrOptions } from "./findLrOptions.js";
import { rules, type RuleChoice } from "./rules/rules.js";
import { rungsOfGrowth } from "./sweep/ladder.js";

/** The options of a search with every default filled in. */
export type ResolvedFindLrOptions = Required<Omit<FindLrOptions, Optional | Switch | "rule">> &
  Pick<FindLrOptions, Optional> &
  Readonly<Record<Switch, number>> & { readonly rule: readonly RuleChoice[] };
type Switch = "refine" | "val";
type Optional = "growth" | "seed" | "signal" | "optimizer";

const defaults: Omit<ResolvedFindLrOptions, Optional> = {
  minLr: 1e-6,
  maxLr: 10,
  numTraining: 100,
  mode: "exponential",
  earlyStopThreshold: 4,
  beta: 0.9,
  refine: 0,
  val: 0,
  repeats: 1,
  rule: ["auto"],
  progress: true,
};

/** How many steps `refine: true` stands for. */
const REFINE_STEPS = 300;

/** As many rates tell no more than a hundred, and what would come of billions is no curve but a full memory. */
const MOST_RUNGS = 1e6;
const MOST_REPEATS = 1e4;
/** Rates that lie closer together than this part of themselves are hardly two numbers. */
const CLOSEST = 1e-9;

/** The names of all options of a search. */
export const findLrNames: readonly string[] = [
  ...Object.keys(defaults),
  "growth",
  "optimizer",
  "seed",
  "signal",
];

/**
 * Fills in the defaults and checks everything before any work is done.
 *
 * @throws {@link FulmineError} `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the option.
 */
export function resolveFindLrOptions(given: FindLrOptions): ResolvedFindLrOptions {
  const present = Object.fromEntries(
    Object.entries(checkNames("findLr", given, findLrNames)).filter(([, value]) => value !== undefined),
  ) as FindLrOptions;
  const refine = numberOf(present.refine, REFINE_STEPS);
  const options: ResolvedFindLrOptions = {
    ...defaults,
    ...present,
    refine,
    rule: rulesOf(present.rule ?? defaults.rule),
    val: numberOf(present.val, 1),
  };
  check(options, present);
  const { minLr, maxLr, growth } = options;
  const numTraining = growth === undefined ? options.numTraining : rungsOfGrowth(minLr, maxLr, growth);
  demand(
    "growth",
    numTraining <= MOST_RUNGS,
    `must be greater: a sweep has at most ${MOST_RUNGS} rates, and from \`minLr\` to \`maxLr\` this makes more`,
    growth,
  );
  checkSpacing({ ...options, numTraining });
  return { ...options, numTraining };
}

function check(options: ResolvedFindLrOptions, present: FindLrOptions): void {
  const { minLr, maxLr, numTraining, growth, mode, earlyStopThreshold, beta, rule } = options;
  const { refine, val, repeats, optimizer, seed, signal, progress } = options;
  const isLinear = mode === "linear";
  demand(
    "mode",
    mode === "exponential" || (mode as string) === "linear",
    'must be "exponential" or "linear"',
    mode,
  );
  demand(
    "minLr",
    Number.isFinite(minLr) && (minLr > 0 || (isLinear && minLr === 0)),
    "must be a finite number above 0",
    minLr,
  );
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
  demand("numTraining", numTraining <= MOST_RUNGS, `must be at most ${MOST_RUNGS}`, numTraining);
  demand(
    "growth",
    growth === undefined ||
      (Number.isFinite(growth) && growth > 1 && mode === "exponential" && present.numTraining === undefined),
    'must be a finite number above 1, and goes with the mode "exponential" and without `numTraining`',
    growth,
  );
  demand(
    "refine",
    Number.isSafeInteger(refine) && (refine === 0 || refine >= 36),
    "must be true, false or a whole number of at least 36",
    present.refine,
  );
  demand("refine", refine === 0 || rule[0] === "auto", 'goes with the rule "auto" alone', present.rule);
  demand("refine", refine === 0 || mode === "exponential", 'goes with the mode "exponential" alone', mode);
  demand(
    "val",
    Number.isSafeInteger(val) && val >= 0 && (val <= 1 || refine === 0),
    "must be true, false or a whole number, and with `refine` true or false",
    present.val,
  );
  demand(
    "repeats",
    Number.isSafeInteger(repeats) && repeats >= 1 && (repeats === 1 || refine === 0),
    "must be a whole number of at least 1, and goes without `refine`, whose trials are all made on the same batches",
    repeats,
  );
  demand("repeats", repeats <= MOST_REPEATS, `must be at most ${MOST_REPEATS}`, repeats);
  demand("beta", Number.isFinite(beta) && beta >= 0 && beta < 1, "must be at least 0 and below 1", beta);
  demand(
    "earlyStopThreshold",
    earlyStopThreshold === null || (typeof earlyStopThreshold === "number" && earlyStopThreshold > 1),
    "must be above 1, or null",
    earlyStopThreshold,
  );
  demand(
    "rule",
    rule.length > 0 && rule.every(isRule),
    `must be a function or one of: ${Object.keys(rules).join(", ")}; or a list of these`,
    present.rule,
  );
  demand(
    "optimizer",
    optimizer === undefined || (Number.isSafeInteger(optimizer) && optimizer >= 0),
    "must be the index of an optimizer, from 0 on",
    optimizer,
  );
  demand("seed", seed === undefined || Number.isSafeInteger(seed), "must be a whole number", seed);
  demand(
    "signal",
    () => signal === undefined || signal instanceof AbortSignal,
    "must be an AbortSignal",
    signal,
  );
  demand("progress", typeof progress === "boolean", "must be true or false", progress);
}

/** The rates must rise from each to the next; numbers that are hardly apart would be one. */
function checkSpacing({ minLr, maxLr, numTraining, mode }: ResolvedFindLrOptions): void {
  const factors = numTraining - 1;
  const apart =
    mode === "linear" ? (maxLr - minLr) / maxLr / factors : (Math.log(maxLr) - Math.log(minLr)) / factors;
  // The very smallest numbers have steps between them as large as they are.
  const areApart = apart >= CLOSEST && (minLr === 0 || apart * minLr >= Number.MIN_VALUE);
  demand("maxLr", areApart, `lies too near \`minLr\` (${minLr}) for ${numTraining} rates`, maxLr);
}

/** A list of rules; empty for one that can't be read. */
function rulesOf(given: RuleChoice | readonly RuleChoice[]): readonly RuleChoice[] {
  try {
    return [given].flat();
  } catch {
    return [];
  }
}

/** Plain JavaScript can pass anything for a rule. */
function isRule(one: unknown): boolean {
  return typeof one === "function" || (typeof one === "string" && Object.hasOwn(rules, one));
}

/** The number that a switch stands for, or the one that was given; NaN for what is neither. */
function numberOf(given: boolean | number | undefined, usual: number): number {
  if (typeof given === "number") return given;
  if (given === undefined) return 0;
  return typeof (given as unknown) === "boolean" ? (given ? usual : 0) : NaN;
}

function demand(name: string, holds: boolean | (() => boolean), must: string, received: unknown): void {
  demandOf("findLr", name, holds, must, received);
}
