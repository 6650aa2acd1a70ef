import type { Validator } from "@fulmine/core/plugin";
import { checkOption, checkOptionNames } from "@fulmine/figure/plugin";
import type { FindLrOptions } from "./findLrOptions.js";
import { findLrNames, resolveFindLrOptions } from "./resolveFindLrOptions.js";

/** The options of a search that `fit` makes: those of every search, and the hyperparameter for its result. */
export interface AutoLrFindOptions extends FindLrOptions {
  /** The path of the hyperparameter for the found rate. @defaultValue `"lr"`, or `"learningRate"` if there is no `lr` */
  readonly field?: string;
}

/** A search to make, and the path of the hyperparameter for its result; `undefined` for the usual ones. */
export interface WantedSearch {
  readonly field: string | undefined;
  readonly options: FindLrOptions;
}

/** Reads a value of `autoLrFind`; `null` if no search is wanted. */
export function wantedSearch(autoLrFind: boolean | string | AutoLrFindOptions): WantedSearch | null {
  if (autoLrFind === false) return null;
  if (autoLrFind === true) return { field: undefined, options: {} };
  if (typeof autoLrFind === "string") return { field: autoLrFind, options: {} };
  return readSearch("autoLrFind", autoLrFind);
}

/**
 * Separates the path of a hyperparameter from the options of a search, and checks both.
 *
 * @param owner - The owner of the options in messages.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function readSearch(owner: string, given: AutoLrFindOptions): WantedSearch {
  const { field, ...options } = checkOptionNames(owner, given, ["field", ...findLrNames]);
  const isPath = field === undefined || (typeof (field as unknown) === "string" && field !== "");
  checkOption(owner, "field", isPath, "must be the path of a hyperparameter", field);
  resolveFindLrOptions(options);
  return { field, options };
}

/** Checks the Trainer's option `autoLrFind`. */
export const autoLrFindOption: Validator = {
  expected: 'true, false or the path of a hyperparameter, e.g. "optim.lr", or the options of a search',
  test: (value) =>
    typeof value === "boolean" || (typeof value === "string" ? value !== "" : isOptions(value)),
  check: (value) => {
    if (isOptions(value)) readSearch("autoLrFind", value);
  },
};

function isOptions(value: unknown): value is AutoLrFindOptions {
  return Object.prototype.toString.call(value) === "[object Object]";
}
