import { FulmineError, type Logger } from "@fulmine/core";
import { writeFile } from "#writeFile";
import { checkNames, demand } from "./checkNames.js";
import type { Curve } from "./curve.js";
import { explain } from "./explain/explain.js";
import type { FigureData } from "./figure/figureData.js";
import type { LrFigure } from "./lrFigure.js";
import type { LogSearchOptions } from "./logSearch.js";
import { suggest } from "./rules/suggest.js";
import type { RuleChoice } from "./rules/rules.js";
import { fromCsv } from "./saving/fromCsv.js";
import { readSearch, saveSearch, type ReadSearch, type SavedSearch } from "./saving/savedSearch.js";
import { toCsv } from "./saving/toCsv.js";
import type { Suggestion } from "./suggestion.js";

/** What a figure of a search shows beside the curve. */
export interface PlotOptions extends Pick<FigureData, "title" | "label" | "x" | "change"> {
  /** Whether the pick is marked. @defaultValue false */
  readonly suggest?: boolean;
  /** Whose pick. @defaultValue each search's own rule */
  readonly rule?: RuleChoice;
  /** Other searches to draw into the same figure, by the names that they are to have in its legend. */
  readonly overlay?: Readonly<Record<string, LrFinder>>;
}

/** How a search is shown. */
export interface ShowOptions extends PlotOptions {
  /** Whether the pick is marked. @defaultValue true */
  readonly suggest?: boolean;
  /** The file, which ends with `.html`, `.svg` or `.png`. @defaultValue a page among the system's temporary files */
  readonly path?: string;
}

/**
 * What a search found: the curve, and whatever rate a rule reads from it.
 *
 * @example
 * ```ts
 * const finder = await trainer.findLr(model, { train });
 * model.hparams.lr = finder.suggestion() ?? 0.02;
 * await (await finder.plot({ suggest: true })).save("lr.svg");
 * ```
 */
export class LrFinder {
  /** The measured curve: `lr`, `loss`, `smoothed` and how the sweep ended. */
  readonly results: Curve;
  /** The search's own rules; the first decides. */
  readonly rules: readonly RuleChoice[];

  constructor(results: Curve, rule: RuleChoice | readonly RuleChoice[] = "auto") {
    this.results = results;
    this.rules = [rule].flat();
  }

  /**
   * The learning rate that a rule suggests, `null` when it finds none; nothing is trained anew.
   *
   * @param rule - A rule's name or a function of the curve. @defaultValue the search's own
   */
  suggestion(rule?: RuleChoice): number | null {
    return this.suggest(rule).lr;
  }

  /** Like {@link LrFinder.suggestion}, with the range in which the rule holds rates to be usable, or why there is none. */
  suggest(rule: RuleChoice | undefined = this.rules[0]): Suggestion {
    return suggest(this.results, rule);
  }

  /**
   * What each of several rules makes of the curve; nothing is trained anew.
   *
   * @param rules - Their names, or functions of the curve. @defaultValue the search's own
   * @example
   * ```ts
   * for (const { rule, lr } of finder.suggestions(["valley", "minimum"])) console.log(rule, lr);
   * ```
   */
  suggestions(rules: readonly RuleChoice[] = this.rules): readonly Suggestion[] {
    return [rules].flat().map((rule) => this.suggest(rule));
  }

  /**
   * Tells in words what was swept, what the loss did, what a rule made of it or why it found nothing, and what to do about
   * what looks wrong.
   *
   * @param rule - A rule's name or a function of the curve. @defaultValue the search's own
   */
  explain(rule?: RuleChoice): string {
    return explain(this.results, this.suggest(rule));
  }

  /**
   * The search as plain JSON, which `JSON.stringify(finder)` asks for: every number of it exactly, NaN and infinities as
   * text. Rules that are functions are left out.
   */
  toJSON(): SavedSearch {
    return saveSearch(this.results, this.rules);
  }

  /** The search as CSV, one row for each training step; as exact as {@link LrFinder.toJSON}. */
  toCsv(): string {
    return toCsv(this.results, this.rules);
  }

  /**
   * A search that was saved as JSON, to be read and drawn like a new one.
   *
   * @param saved - The text, or what it was parsed to.
   * @throws FulmineError `INVALID_DATA` when it is something else, naming what is wrong.
   * @example
   * ```ts
   * const finder = LrFinder.fromJSON(await readFile("lr.json", "utf8"));
   * finder.suggestions(["valley", "minimum"]);
   * ```
   */
  static fromJSON(saved: unknown): LrFinder {
    return opened(readSearch(typeof saved === "string" ? parseJson(saved) : saved));
  }

  /** Like {@link LrFinder.fromJSON}, from the text that {@link LrFinder.toCsv} gave. */
  static fromCsv(text: string): LrFinder {
    return opened(fromCsv(text));
  }

  /**
   * Writes the search to a file, or offers it as a download in a browser.
   *
   * @param path - Its ending decides the form: `.json` or `.csv`.
   * @returns The path.
   * @throws FulmineError `INVALID_OPTION` for another ending.
   */
  async save(path: string): Promise<string> {
    demand("save", "path", typeof path === "string", "must be the path of a file", path);
    if (path.endsWith(".json")) return writeFile(path, `${JSON.stringify(this, null, 1)}\n`);
    if (path.endsWith(".csv")) return writeFile(path, this.toCsv());
    throw new FulmineError("INVALID_OPTION", "A search can be saved as .json or .csv.", { received: path });
  }

  /**
   * Draws the curve; what draws is loaded then.
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
    const { LrFigure } = await import("./lrFigure.js");
    return new LrFigure({
      curve: this.results,
      ...(isMarked ? { suggestion: this.suggest(rule) } : {}),
      ...(others.length > 0 ? { overlay: others } : {}),
      ...drawn,
    });
  }

  /**
   * Hands the search to loggers: the curve to those that take tables, such as the CSV logger and TensorBoard's, the figure to
   * those that take pictures. A search that a fit makes by itself is logged by itself.
   *
   * @throws FulmineError `INVALID_OPTION` when one of them is no logger.
   *
   * @example
   * ```ts
   * const board = new TensorBoardLogger({ dir: "runs" });
   * await (await trainer.findLr(model, { train })).log(board);
   * ```
   */
  async log(logger: Logger | readonly Logger[], options: LogSearchOptions = {}): Promise<void> {
    const given = checkNames("log", options, ["name", "step", "warn"]);
    const { name, step, warn } = given;
    demand("log", "name", ["string", "undefined"].includes(typeof name), "must be a text", name);
    demand("log", "step", ["number", "undefined"].includes(typeof step), "must be a number", step);
    demand("log", "warn", ["function", "undefined"].includes(typeof warn), "must be a function", warn);
    const loggers = [logger].flat();
    if (loggers.length === 0) return;
    const { logSearch } = await import("./logSearch.js");
    await logSearch(this.results, () => this.plot({ suggest: true }), loggers, given);
  }

  /**
   * Draws the curve and opens it where there is a desktop; prints the path in any case. See {@link LrFigure.show}.
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

/** What belongs to the drawing of a figure, and not to what it shows. */
const DRAWING = new Map(
  ["theme", "width", "height", "scale", "columns", "rows", "colour"].map((name) => [
    name,
    "It belongs to one form of the figure: give it to toSvg, toHtml, toPng or toTerminal, with `figure.data`.",
  ]),
);

function checkPlotOptions<Options extends ShowOptions>(owner: "plot" | "show", options: Options): Options {
  const names = owner === "show" ? [...PLOT_OPTIONS, "path"] : PLOT_OPTIONS;
  const given = checkNames(owner, options, names, DRAWING);
  const texts = ["title", "label", "path"] as const;
  for (const name of texts)
    demand(owner, name, ["string", "undefined"].includes(typeof given[name]), "must be a text", given[name]);
  for (const name of ["change", "suggest"] as const) {
    const isFlag = ["boolean", "undefined"].includes(typeof given[name]);
    demand(owner, name, isFlag, "must be true or false", given[name]);
  }
  const { x, overlay } = given;
  demand(owner, "x", [undefined, "lr", "exponent"].includes(x), 'must be "lr" or "exponent"', x);
  const areSearches = (): boolean =>
    overlay === undefined ||
    (typeof (overlay as unknown) === "object" &&
      (overlay as unknown) !== null &&
      Object.values(overlay).every((other: unknown) => other instanceof LrFinder));
  demand(owner, "overlay", areSearches, "must hold searches by name", overlay);
  return given;
}

/** Without a rule that has a name, the default one reads what was saved. */
function opened({ results, rules }: ReadSearch): LrFinder {
  return new LrFinder(results, rules.length > 0 ? rules : "auto");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new FulmineError("INVALID_DATA", "This is not a saved search: it is no JSON.", {
      received: text.slice(0, 40),
      cause,
    });
  }
}
