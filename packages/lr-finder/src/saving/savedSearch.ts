import { FulmineError } from "@fulmine/core";
import * as v from "valibot";
import type { Curve } from "../curve.js";
import { rules, type RuleChoice, type RuleName } from "../rules/rules.js";
import { decodeNumber, encodeNumber, type SavedNumber } from "./savedNumber.js";

/** A search as plain JSON: what it measured, with numbers that JSON has not as text, and the names of its rules. */
export interface SavedSearch {
  readonly format: "fulmine-lr-search";
  readonly version: 1;
  /** The rules that have names; functions can't be saved. */
  readonly rules: readonly RuleName[];
  readonly results: Saved<Curve>;
}

/** Plain data with every number as JSON can hold it. */
export type Saved<T> = T extends number
  ? SavedNumber
  : T extends object
    ? { readonly [K in keyof T]: Saved<T[K]> }
    : T;

/** What a saved search holds. */
export interface ReadSearch {
  readonly results: Curve;
  readonly rules: readonly RuleName[];
}

/** A search as plain JSON, from which {@link readSearch} makes the very same numbers. */
export function saveSearch(results: Curve, chosen: readonly RuleChoice[]): SavedSearch {
  return {
    format: "fulmine-lr-search",
    version: 1,
    rules: chosen.filter((rule) => typeof rule === "string"),
    results: encode(results) as Saved<Curve>,
  };
}

/**
 * Reads a saved search.
 *
 * @throws {@link FulmineError} `INVALID_DATA`, naming what is wrong.
 */
export function readSearch(saved: unknown): ReadSearch {
  const parsed = parse(saved);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue);
    const what = path === null ? "it" : `\`${path}\``;
    throw issue.input === undefined ? invalid(what, "is missing") : invalid(what, issue.message, issue.input);
  }
  const { rules: names, results } = parsed.output;
  checkLengths(results);
  return { rules: names, results };
}

/** Looks at something that may be no plain data at all: a getter of the user's, or a Proxy, may throw. */
function parse(saved: unknown): v.SafeParseResult<typeof savedSearch> {
  try {
    return v.safeParse(savedSearch, saved);
  } catch (cause) {
    throw new FulmineError("INVALID_DATA", "This is not a saved search: it can't be read.", {
      received: saved,
      todo: HOW_TO_SAVE,
      cause,
    });
  }
}

const HOW_TO_SAVE = "Save one by `finder.save(path)`, `JSON.stringify(finder)` or `finder.toCsv()`.";

/** The error for something that is no saved search. */
export function invalid(what: string, fault: string, ...[received]: readonly unknown[]): FulmineError {
  return new FulmineError("INVALID_DATA", `This is not a saved search: ${what} ${fault}.`, {
    ...(received === undefined ? {} : { received }),
    todo: HOW_TO_SAVE,
  });
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
const rate = v.pipe(
  number,
  v.check((value) => Number.isFinite(value) && value > 0, "must be a finite number above 0"),
);
const count = v.pipe(
  number,
  v.check((value) => Number.isSafeInteger(value) && value >= 1, "must be a whole number of at least 1"),
);
const trials = v.array(
  v.object({ lr: rate, loss: numbers, score }, "must be a trial"),
  "must be a list of trials",
);
const optimizer = v.strictObject(
  {
    name: v.string("must be a name"),
    weights: count,
    momentum: v.exactOptional(
      v.pipe(number, v.minValue(0, "must be at least 0"), v.maxValue(1, "must be at most 1")),
    ),
  },
  "must hold `name`, `weights` and perhaps `momentum`",
);
const savedSearch = v.object(
  {
    format: v.literal("fulmine-lr-search", 'must be "fulmine-lr-search"'),
    version: v.literal(1, "must be 1, the one that this Fulmine knows"),
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
        valLoss: v.exactOptional(numbers),
        valSmoothed: v.exactOptional(numbers),
        band: v.exactOptional(
          v.object({ sweeps: count, low: numbers, high: numbers }, "must hold `sweeps`, `low` and `high`"),
        ),
        optimizer: v.exactOptional(optimizer),
        stopped: v.picklist(
          ["finished", "diverged", "not-finite"],
          'must be "finished", "diverged" or "not-finite"',
        ),
        trials: v.exactOptional(trials),
      },
      "must be a curve with `mode`, `lr`, `loss`, `smoothed` and `stopped`, and nothing unknown",
    ),
  },
  "must be an object with `format`, `version`, `rules` and `results`",
);

function encode(value: unknown): unknown {
  if (typeof value === "number") return encodeNumber(value);
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => (item === undefined ? [] : [[name, encode(item)]])),
  );
}

function checkLengths({ mode, lr, loss, smoothed, valLoss = lr, valSmoothed = lr, band }: Curve): void {
  const { low = lr, high = lr } = band ?? {};
  const lists = { loss, smoothed, valLoss, valSmoothed, "band.low": low, "band.high": high };
  for (const [name, { length }] of Object.entries(lists)) {
    if (length === lr.length) continue;
    throw invalid(`\`results.${name}\``, `must have ${lr.length} entries, as many as \`results.lr\``, length);
  }
  const [first = 1] = lr;
  if (first < 0 || (first === 0 && mode === "exponential"))
    throw invalid("`results.lr`", "must begin above 0, or at 0 on a linear sweep", first);
  const wrong = lr.find((rate, rung) => !Number.isFinite(rate) || rate <= (lr[rung - 1] ?? -Infinity));
  if (wrong !== undefined) throw invalid("`results.lr`", "must rise from rung to rung", wrong);
}
