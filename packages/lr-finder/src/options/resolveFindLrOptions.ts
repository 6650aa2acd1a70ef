import { rungsOfGrowth } from "../curve/ladder.js";
import { rules, type RuleChoice } from "../rules/rules.js";
import { checkOption, checkOptionNames } from "@fulmine/figure/plugin";
import type { FindLrOptions } from "./findLrOptions.js";

/** The options of a search with their defaults. `refine` is a number of steps, `val` an interval in rungs; 0 means off. */
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

/** The number of steps for `refine: true`. */
const REFINE_STEPS = 300;
/** The smallest number of steps for trials. */
const LEAST_REFINE_STEPS = 36;
/** Protects the memory; more rates carry no more information. */
const MOST_RUNGS = 1e6;
const MOST_REPEATS = 1e4;
/** The smallest relative distance between two rates. */
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
 * Checks the options of a search, for programs that read them before there is a Trainer.
 *
 * @throws FulmineError `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the option.
 */
export function checkFindLrOptions(given: FindLrOptions): void {
  resolveFindLrOptions(given);
}

/**
 * Checks the options and adds the defaults.
 *
 * @throws FulmineError `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the option.
 */
export function resolveFindLrOptions(given: FindLrOptions): ResolvedFindLrOptions {
  const present = Object.fromEntries(
    Object.entries(checkOptionNames("findLr", given, findLrNames)).filter(([, value]) => value !== undefined),
  ) as FindLrOptions;
  const options: ResolvedFindLrOptions = {
    ...defaults,
    ...present,
    refine: numberOf(present.refine, REFINE_STEPS),
    rule: rulesOf(present.rule ?? defaults.rule),
    val: numberOf(present.val, 1),
  };
  checkLadder(options, present);
  checkSearch(options, present);
  const { minLr, maxLr, growth } = options;
  const numTraining = growth === undefined ? options.numTraining : rungsOfGrowth(minLr, maxLr, growth);
  check(
    "growth",
    numTraining <= MOST_RUNGS,
    `is too small: the sweep would have more than ${MOST_RUNGS} rates`,
    growth,
  );
  checkSpacing({ ...options, numTraining });
  return { ...options, numTraining };
}

function checkLadder(options: ResolvedFindLrOptions, present: FindLrOptions): void {
  const { minLr, maxLr, numTraining, growth, mode } = options;
  const isMode = mode === "exponential" || (mode as string) === "linear";
  check("mode", isMode, 'must be "exponential" or "linear"', mode);
  const isLowest = Number.isFinite(minLr) && (minLr > 0 || (mode === "linear" && minLr === 0));
  check("minLr", isLowest, "must be a finite number above 0", minLr);
  const isHighest = Number.isFinite(maxLr) && maxLr > minLr;
  check("maxLr", isHighest, `must be a finite number above \`minLr\` (${minLr})`, maxLr);
  const isCount = Number.isInteger(numTraining) && numTraining >= 2;
  check("numTraining", isCount, "must be an integer of at least 2", numTraining);
  check("numTraining", numTraining <= MOST_RUNGS, `must be at most ${MOST_RUNGS}`, numTraining);
  if (growth === undefined) return;
  check("growth", Number.isFinite(growth) && growth > 1, "must be a finite number above 1", growth);
  check("growth", mode === "exponential", 'requires the mode "exponential"', growth);
  check("growth", present.numTraining === undefined, "can't be combined with `numTraining`", growth);
}

function checkSearch(options: ResolvedFindLrOptions, present: FindLrOptions): void {
  const { mode, earlyStopThreshold, beta, rule, refine, val, repeats, optimizer, seed, signal, progress } =
    options;
  const isOff = refine === 0;
  check(
    "refine",
    Number.isSafeInteger(refine) && (isOff || refine >= LEAST_REFINE_STEPS),
    `must be true, false or an integer of at least ${LEAST_REFINE_STEPS}`,
    present.refine,
  );
  check("refine", isOff || rule[0] === "auto", 'requires the rule "auto"', present.rule);
  check("refine", isOff || mode === "exponential", 'requires the mode "exponential"', mode);
  const isInterval = Number.isSafeInteger(val) && val >= 0;
  check("val", isInterval, "must be true, false or a non-negative integer", present.val);
  check("val", isOff || val <= 1, "must be true or false if `refine` is set", present.val);
  const isRepeats = Number.isSafeInteger(repeats) && repeats >= 1;
  check("repeats", isRepeats, "must be an integer of at least 1", repeats);
  check("repeats", repeats <= MOST_REPEATS, `must be at most ${MOST_REPEATS}`, repeats);
  const isSingle = isOff || repeats === 1;
  check("repeats", isSingle, "can't be combined with `refine`: its trials all use the same batches", repeats);
  check("beta", Number.isFinite(beta) && beta >= 0 && beta < 1, "must be at least 0 and below 1", beta);
  const isThreshold =
    earlyStopThreshold === null || (typeof earlyStopThreshold === "number" && earlyStopThreshold > 1);
  check("earlyStopThreshold", isThreshold, "must be above 1, or null", earlyStopThreshold);
  check(
    "rule",
    rule.length > 0 && rule.every(isRule),
    `must be a function or one of: ${Object.keys(rules).join(", ")}; or a list of these`,
    present.rule,
  );
  const isIndex = optimizer === undefined || (Number.isSafeInteger(optimizer) && optimizer >= 0);
  check("optimizer", isIndex, "must be the index of an optimizer, at least 0", optimizer);
  check("seed", seed === undefined || Number.isSafeInteger(seed), "must be an integer", seed);
  const isSignal = (): boolean => signal === undefined || signal instanceof AbortSignal;
  check("signal", isSignal, "must be an AbortSignal", signal);
  check("progress", typeof progress === "boolean", "must be true or false", progress);
}

/** Checks that the rates differ after rounding. */
function checkSpacing({ minLr, maxLr, numTraining, mode }: ResolvedFindLrOptions): void {
  const factors = numTraining - 1;
  const apart =
    mode === "linear" ? (maxLr - minLr) / maxLr / factors : (Math.log(maxLr) - Math.log(minLr)) / factors;
  // Denormal numbers have an absolute spacing of MIN_VALUE.
  const areApart = apart >= CLOSEST && (minLr === 0 || apart * minLr >= Number.MIN_VALUE);
  check("maxLr", areApart, `is too close to \`minLr\` (${minLr}) for ${numTraining} rates`, maxLr);
}

/** The rules as a list; empty if the value can't be read. */
function rulesOf(given: RuleChoice | readonly RuleChoice[]): readonly RuleChoice[] {
  try {
    return [given].flat();
  } catch {
    return [];
  }
}

/** Whether a value is a rule; plain JavaScript can pass anything. */
function isRule(value: unknown): boolean {
  return typeof value === "function" || (typeof value === "string" && Object.hasOwn(rules, value));
}

/** A switch as a number: its value, `whenTrue`, or 0; NaN if it is neither a number nor a boolean. */
function numberOf(given: boolean | number | undefined, whenTrue: number): number {
  if (typeof given === "number") return given;
  if (given === undefined) return 0;
  return typeof (given as unknown) === "boolean" ? (given ? whenTrue : 0) : NaN;
}

function check(name: string, isValid: boolean | (() => boolean), must: string, received: unknown): void {
  checkOption("findLr", name, isValid, must, received);
}
