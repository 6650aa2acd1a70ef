import * as v from "valibot";
import { rules, type RuleName } from "../rules/rules.js";

/** A number in JSON; numbers without a JSON form are strings. */
export type SavedNumber = number | "NaN" | "Infinity" | "-Infinity" | "-0";

/** Encodes a number exactly. */
export function encodeNumber(value: number): SavedNumber {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : (String(value) as SavedNumber);
}

/** Decodes a number; null if the value is not an encoded number. */
export function decodeNumber(saved: unknown): number | null {
  if (typeof saved === "number" && Number.isFinite(saved)) return saved;
  return saved === "NaN" || saved === "Infinity" || saved === "-Infinity" || saved === "-0"
    ? Number(saved)
    : null;
}

const number = v.pipe(
  v.custom<SavedNumber>(
    (value) => decodeNumber(value) !== null,
    'must be a number, "NaN", "Infinity", "-Infinity" or "-0"',
  ),
  v.transform((value) => decodeNumber(value) ?? NaN),
);
const numbers = v.array(number, "must be a list of numbers");
const score = v.pipe(
  number,
  v.check((value) => !Number.isNaN(value), "must not be NaN"),
);
export const rate = v.pipe(
  number,
  v.check((value) => Number.isFinite(value) && value > 0, "must be a finite number above 0"),
);
const count = v.pipe(
  number,
  v.check((value) => Number.isSafeInteger(value) && value >= 1, "must be an integer of at least 1"),
);
const trials = v.array(
  v.object({ lr: rate, loss: numbers, score }, "must be a trial"),
  "must be a list of trials",
);
const optimizer = v.strictObject(
  {
    name: v.string("must be a string"),
    weights: count,
    effectiveWeights: v.exactOptional(count),
    others: v.exactOptional(count),
    momentum: v.exactOptional(
      v.pipe(number, v.minValue(0, "must be at least 0"), v.maxValue(1, "must be at most 1")),
    ),
  },
  "must have `name`, `weights` and optionally `effectiveWeights`, `others` and `momentum`",
);
export /** The schema of a saved search. Its messages complete a sentence such as "`results.lr` must be a list of numbers". */
const savedSearch = v.object(
  {
    format: v.literal("fulmine-lr-search", 'must be "fulmine-lr-search"'),
    version: v.literal(1, "must be 1, the only version that this Fulmine supports"),
    rules: v.array(
      v.picklist(Object.keys(rules) as RuleName[], `must be one of ${Object.keys(rules).join(", ")}`),
      "must be a list of rules",
    ),
    results: v.strictObject(
      {
        mode: v.picklist(["exponential", "linear"], 'must be "exponential" or "linear"'),
        lr: numbers,
        loss: numbers,
        smoothed: numbers,
        untrained: v.exactOptional(numbers),
        valLoss: v.exactOptional(numbers),
        valSmoothed: v.exactOptional(numbers),
        band: v.exactOptional(
          v.object({ sweeps: count, low: numbers, high: numbers }, "must have `sweeps`, `low` and `high`"),
        ),
        optimizer: v.exactOptional(optimizer),
        stopped: v.picklist(
          ["finished", "diverged", "not-finite"],
          'must be "finished", "diverged" or "not-finite"',
        ),
        trials: v.exactOptional(trials),
      },
      "must be a curve with `mode`, `lr`, `loss`, `smoothed` and `stopped`, and no unknown names",
    ),
  },
  "must be an object with `format`, `version`, `rules` and `results`",
);
