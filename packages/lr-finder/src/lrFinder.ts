import { FulmineError, type Logger } from "@fulmine/core";
import type { Curve } from "./curve/curve.js";
import { explain } from "./explain/explain.js";
import type { FigureData } from "./figure/figureData.js";
import type { LrFigure } from "./figure/lrFigure.js";
import { checkOption, checkOptionNames, writeFile } from "@fulmine/figure/plugin";
import { suggest, type RuleChoice } from "./rules/rules.js";
import type { Suggestion } from "./rules/suggestion.js";
import { fromCsv, toCsv } from "./saving/csv.js";
import type { LogSearchOptions } from "./saving/logSearch.js";
import { readSearch, saveSearch, type ReadSearch, type SavedSearch } from "./saving/savedSearch.js";

/** The contents of a figure besides the curve. */
export interface PlotOptions extends Pick<FigureData, "title" | "label" | "x" | "change"> {
  /** Whether to mark the suggested rate. @defaultValue false */
  readonly suggest?: boolean;
  /** The rule that suggests the rate. @defaultValue the own rule of each search */
  readonly rule?: RuleChoice;
  /** Other searches to draw in the same figure, by their names in the legend. */
  readonly overlay?: Readonly<Record<string, LrFinder>>;
}

/** The options of {@link LrFinder.show}. */
export interface ShowOptions extends PlotOptions {
  /** Whether to mark the suggested rate. @defaultValue true */
  readonly suggest?: boolean;
  /** The path of an `.html`, `.svg` or `.png` file. @defaultValue an HTML file in the system's temporary folder */
  readonly path?: string;
}

/**
 * The result of a search: the measured curve, and the rates that rules suggest from it.
 *
 * @example
 * ```ts
 * const finder = await trainer.findLr(model, { train });
 * model.hparams.lr = finder.suggestion() ?? 0.02;
 * await (await finder.plot({ suggest: true })).save("lr.svg");
 * ```
 */
export class LrFinder {
  /** The measured curve. */
  readonly results: Curve;
  /** The rules of the search; the first one decides. */
  readonly rules: readonly RuleChoice[];

  constructor(results: Curve, rule: RuleChoice | readonly RuleChoice[] = "auto") {
    this.results = results;
    this.rules = [rule].flat();
  }

  /**
   * The learning rate that a rule suggests from the measured curve; null if it suggests none.
   *
   * @param rule - The name of a rule or a function of the curve. @defaultValue the rule of the search
   */
  suggestion(rule?: RuleChoice): number | null {
    return this.suggest(rule).lr;
  }

  /** Like {@link LrFinder.suggestion}, with the range of usable rates, or with the reason why there is no suggestion. */
  suggest(rule: RuleChoice | undefined = this.rules[0]): Suggestion {
    return suggest(this.results, rule);
  }

  /**
   * The suggestions of several rules from the measured curve.
   *
   * @param rules - Names of rules or functions of the curve. @defaultValue the rules of the search
   * @example
   * ```ts
   * for (const { rule, lr } of finder.suggestions(["valley", "minimum"])) console.log(rule, lr);
   * ```
   */
  suggestions(rules: readonly RuleChoice[] = this.rules): readonly Suggestion[] {
    return [rules].flat().map((rule) => this.suggest(rule));
  }

  /**
   * Describes the search in text: what was swept, what the loss did, what a rule suggests and why, and what to change if
   * something looks wrong.
   *
   * @param rule - The name of a rule or a function of the curve. @defaultValue the rule of the search
   */
  explain(rule?: RuleChoice): string {
    return explain(this.results, this.suggest(rule));
  }

  /**
   * The search as plain JSON data; `JSON.stringify(finder)` calls this method. All numbers are exact; NaN and infinities are
   * strings. Rules that are functions are not saved.
   */
  toJSON(): SavedSearch {
    return saveSearch(this.results, this.rules);
  }

  /** The search as CSV with one row per training step and exact numbers. */
  toCsv(): string {
    return toCsv(this.results, this.rules);
  }

  /**
   * Restores a search from JSON.
   *
   * @param saved - The JSON text, or the parsed data.
   * @throws FulmineError `INVALID_DATA` if it is not a saved search, naming what is wrong.
   * @example
   * ```ts
   * const finder = LrFinder.fromJSON(await readFile("lr.json", "utf8"));
   * finder.suggestions(["valley", "minimum"]);
   * ```
   */
  static fromJSON(saved: unknown): LrFinder {
    return restore(readSearch(typeof saved === "string" ? parseJson(saved) : saved));
  }

  /**
   * Restores a search from the text of {@link LrFinder.toCsv}.
   *
   * @throws FulmineError `INVALID_DATA` if it is not a saved search, naming the line and the column.
   */
  static fromCsv(text: string): LrFinder {
    return restore(fromCsv(text));
  }

  /**
   * Writes the search to a file; in a browser it offers a download.
   *
   * @param path - The extension sets the format: `.json` or `.csv`.
   * @returns The path.
   * @throws FulmineError `INVALID_OPTION` for any other extension.
   */
  async save(path: string): Promise<string> {
    checkOption("save", "path", typeof path === "string", "must be the path of a file", path);
    if (path.endsWith(".json")) return writeFile(path, `${JSON.stringify(this, null, 1)}\n`);
    if (path.endsWith(".csv")) return writeFile(path, this.toCsv());
    throw new FulmineError("INVALID_OPTION", "A search can be saved as .json or .csv only.", {
      received: path,
    });
  }

  /**
   * Draws the curve. The drawing code is loaded at the first call.
   *
   * @example
   * ```ts
   * const figure = await finder.plot({ suggest: true, change: true, overlay: { "batches of 256": other } });
   * await figure.save("lr.svg");
   * ```
   */
  async plot(options: PlotOptions = {}): Promise<LrFigure> {
    const { suggest: isMarked = false, rule, overlay, ...drawn } = checkPlotOptions("plot", options);
    const others = Object.entries(overlay ?? {}).map(([label, other]) => ({
      ...{ label, curve: other.results },
      ...(isMarked ? { suggestion: other.suggest(rule) } : {}),
    }));
    const { LrFigure } = await import("./figure/lrFigure.js");
    return new LrFigure({
      curve: this.results,
      ...(isMarked ? { suggestion: this.suggest(rule) } : {}),
      ...(others.length > 0 ? { overlay: others } : {}),
      ...drawn,
    });
  }

  /**
   * Logs the search: the curve to loggers with `logTable`, such as the CSV and the TensorBoard logger, and the figure to
   * loggers with `logImage`. Searches of `autoLrFind` and `LrFinderCallback` are logged without this call.
   *
   * @throws FulmineError `INVALID_OPTION` if a value is not a logger.
   * @example
   * ```ts
   * const board = new TensorBoardLogger({ dir: "runs" });
   * await (await trainer.findLr(model, { train })).log(board);
   * ```
   */
  async log(logger: Logger | readonly Logger[], options: LogSearchOptions = {}): Promise<void> {
    const given = checkOptionNames("log", options, ["name", "step", "warn"]);
    const { name, step, warn } = given;
    checkOption("log", "name", ["string", "undefined"].includes(typeof name), "must be a string", name);
    checkOption("log", "step", ["number", "undefined"].includes(typeof step), "must be a number", step);
    checkOption("log", "warn", ["function", "undefined"].includes(typeof warn), "must be a function", warn);
    const loggers = [logger].flat();
    if (loggers.length === 0) return;
    const { logSearch } = await import("./saving/logSearch.js");
    await logSearch(this.results, () => this.plot({ suggest: true }), loggers, given);
  }

  /**
   * Draws the curve in a file, prints the path, and opens the file on a machine with a desktop. See {@link LrFigure.show}.
   *
   * @returns The path.
   * @example
   * ```ts
   * const finder = await trainer.findLr(model, { train });
   * await finder.show();
   * ```
   */
  async show(given: ShowOptions = {}): Promise<string> {
    const { path, ...options } = checkPlotOptions("show", given);
    return (await this.plot({ suggest: true, ...options })).show(path);
  }
}

const PLOT_OPTIONS: readonly string[] = ["title", "label", "x", "change", "suggest", "rule", "overlay"];

/** Options of the output formats, which users may pass to `plot` by mistake. */
const FORMAT_OPTIONS = new Map(
  ["theme", "width", "height", "scale", "columns", "rows", "colour"].map((name) => [
    name,
    "It is an option of one output format: pass it to the method of the figure: toSvg, toHtml, toPng or toString.",
  ]),
);

function checkPlotOptions<Options extends ShowOptions>(owner: "plot" | "show", options: Options): Options {
  const names = owner === "show" ? [...PLOT_OPTIONS, "path"] : PLOT_OPTIONS;
  const given = checkOptionNames(owner, options, names, FORMAT_OPTIONS);
  const texts = ["title", "label", "path"] as const;
  for (const name of texts)
    checkOption(
      owner,
      name,
      ["string", "undefined"].includes(typeof given[name]),
      "must be a string",
      given[name],
    );
  for (const name of ["change", "suggest"] as const) {
    const isFlag = ["boolean", "undefined"].includes(typeof given[name]);
    checkOption(owner, name, isFlag, "must be true or false", given[name]);
  }
  const { x, overlay } = given;
  checkOption(owner, "x", [undefined, "lr", "exponent"].includes(x), 'must be "lr" or "exponent"', x);
  const areSearches = (): boolean =>
    overlay === undefined ||
    (typeof (overlay as unknown) === "object" &&
      (overlay as unknown) !== null &&
      Object.values(overlay).every((other: unknown) => other instanceof LrFinder));
  checkOption(owner, "overlay", areSearches, "must be an object of searches by name", overlay);
  return given;
}

/** Restores a search; a search without named rules gets the default rule. */
function restore({ results, rules }: ReadSearch): LrFinder {
  return new LrFinder(results, rules.length > 0 ? rules : "auto");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new FulmineError("INVALID_DATA", "This is not a saved search: the text is not JSON.", {
      received: text.slice(0, 40),
      cause,
    });
  }
}
