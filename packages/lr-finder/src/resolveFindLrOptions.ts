import { FulmineError } from "@fulmine/core";
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

const allowed: readonly string[] = [...Object.keys(defaults), "growth", "optimizer", "seed", "signal"];

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
  const refine = numberOf(present.refine ?? false, REFINE_STEPS);
  const options: ResolvedFindLrOptions = {
    ...defaults,
    ...present,
    refine,
    rule: [present.rule ?? defaults.rule].flat(),
    val: numberOf(present.val ?? false, 1),
  };
  check(options, present);
  const { minLr, maxLr, growth } = options;
  return growth === undefined ? options : { ...options, numTraining: rungsOfGrowth(minLr, maxLr, growth) };
}

function check(options: ResolvedFindLrOptions, present: FindLrOptions): void {
  const { minLr, maxLr, numTraining, growth, mode, earlyStopThreshold, beta, rule } = options;
  const { refine, val, repeats, optimizer, seed } = options;
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
    "growth",
    growth === undefined ||
      (Number.isFinite(growth) && growth > 1 && mode === "exponential" && present.numTraining === undefined),
    'must be a finite number above 1, and goes with the mode "exponential" and without `numTraining`',
    growth,
  );
  demand(
    "refine",
    Number.isInteger(refine) && (refine === 0 || refine >= 36),
    "must be true, false or a whole number of at least 36",
    present.refine,
  );
  demand("refine", refine === 0 || rule[0] === "auto", 'goes with the rule "auto" alone', present.rule);
  demand("refine", refine === 0 || mode === "exponential", 'goes with the mode "exponential" alone', mode);
  demand(
    "val",
    Number.isInteger(val) && val >= 0 && (val <= 1 || refine === 0),
    "must be true, false or a whole number, and with `refine` true or false",
    present.val,
  );
  demand(
    "repeats",
    Number.isInteger(repeats) && repeats >= 1 && (repeats === 1 || refine === 0),
    "must be a whole number of at least 1, and goes without `refine`, whose trials are all made on the same batches",
    repeats,
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
    rule.length > 0 && rule.every((one) => typeof one === "function" || Object.hasOwn(rules, one)),
    `must be a function or one of: ${Object.keys(rules).join(", ")}; or a list of these`,
    present.rule,
  );
  demand(
    "optimizer",
    optimizer === undefined || Number.isInteger(optimizer),
    "must be the index of an optimizer",
    optimizer,
  );
  demand("seed", seed === undefined || Number.isSafeInteger(seed), "must be a whole number", seed);
}

/** The number that a switch stands for, or the one that was given. */
function numberOf(given: boolean | number, usual: number): number {
  return given === true ? usual : Number(given);
}

function demand(name: string, holds: boolean, must: string, received: unknown): void {
  if (!holds) throw new FulmineError("INVALID_OPTION", `\`${name}\` of \`findLr\` ${must}.`, { received });
}
