import { counted } from "@fulmine/core/plugin";
import { FulmineError } from "@fulmine/core";
import * as v from "valibot";
import type { Curve } from "../curve/curve.js";
import type { RuleChoice, RuleName } from "../rules/rules.js";
import { encodeNumber, savedSearch, type SavedNumber } from "./savedSchema.js";

/** A search as plain JSON data. NaN, infinities and -0 are strings. */
export interface SavedSearch {
  readonly format: "fulmine-lr-search";
  readonly version: 1;
  /** The named rules; rules that are functions are not saved. */
  readonly rules: readonly RuleName[];
  readonly results: Saved<Curve>;
}

/** Plain data in which every number has a JSON form. */
export type Saved<T> = T extends number
  ? SavedNumber
  : T extends object
    ? { readonly [K in keyof T]: Saved<T[K]> }
    : T;

/** The content of a saved search. */
export interface ReadSearch {
  readonly results: Curve;
  readonly rules: readonly RuleName[];
}

/** Converts a search to plain JSON data, from which {@link readSearch} restores the exact numbers. */
export function saveSearch(results: Curve, chosen: readonly RuleChoice[]): SavedSearch {
  return {
    format: "fulmine-lr-search",
    version: 1,
    rules: chosen.filter((rule) => typeof rule === "string"),
    results: encode(results) as Saved<Curve>,
  };
}

/**
 * Restores a search.
 *
 * @throws FulmineError `INVALID_DATA`, naming what is wrong.
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

/** Parses any value; a getter or a Proxy in it can throw. */
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

const HOW_TO_SAVE = "Save a search with `finder.save(path)`, `JSON.stringify(finder)` or `finder.toCsv()`.";

/** The error for a value that is not a saved search. */
export function invalid(what: string, fault: string, ...[received]: readonly unknown[]): FulmineError {
  return new FulmineError("INVALID_DATA", `This is not a saved search: ${what} ${fault}.`, {
    ...(received === undefined ? {} : { received }),
    todo: HOW_TO_SAVE,
  });
}

function encode(value: unknown): unknown {
  if (typeof value === "number") return encodeNumber(value);
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => (item === undefined ? [] : [[name, encode(item)]])),
  );
}

function checkLengths({
  mode,
  lr,
  loss,
  smoothed,
  valLoss = lr,
  valSmoothed = lr,
  untrained = lr,
  band,
}: Curve): void {
  const { low = lr, high = lr } = band ?? {};
  if (untrained.length > lr.length)
    throw invalid("`results.untrained`", `must have at most ${lr.length} entries`, untrained.length);
  const lists = { loss, smoothed, valLoss, valSmoothed, "band.low": low, "band.high": high };
  for (const [name, { length }] of Object.entries(lists)) {
    if (length === lr.length) continue;
    throw invalid(
      `\`results.${name}\``,
      `must have ${counted(lr.length, "entry", "entries")}, as many as \`results.lr\``,
      length,
    );
  }
  const [first = 1] = lr;
  if (first < 0 || (first === 0 && mode === "exponential"))
    throw invalid("`results.lr`", "must begin above 0, or at 0 in a linear sweep", first);
  const wrong = lr.find((rate, rung) => !Number.isFinite(rate) || rate <= (lr[rung - 1] ?? -Infinity));
  if (wrong !== undefined) throw invalid("`results.lr`", "must increase from each rate to the next", wrong);
}
