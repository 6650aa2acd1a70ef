import { FulmineError } from "@fulmine/core";
import { Figure } from "../figure.js";
import { checkOption, checkOptionNames } from "../options/checkOptions.js";
import type { HtmlOptions, SvgOptions, TerminalOptions } from "../options/drawingOptions.js";
import { measurementsOf, type TrainingSource } from "./measurements.js";
import { toPanels } from "./toPanels.js";
import { seriesOf, type TrainingData } from "./trainingData.js";
import { trainingHtml } from "./trainingHtml.js";
import { trainingSvg } from "./trainingSvg.js";
import { trainingTerminal } from "./trainingTerminal.js";

/** The options of {@link trainingFigure}. */
export interface TrainingFigureOptions {
  /** The title. @defaultValue "Training" */
  readonly title?: string;
  /** The metrics to draw, by the names of their panels, e.g. `["loss", "acc"]`. @defaultValue all, and the learning rates */
  readonly metrics?: readonly string[];
}

/** A figure of a run, for output in several formats. */
export class TrainingFigure extends Figure {
  /** The contents of the figure. */
  readonly data: TrainingData;
  protected override readonly caption: string = "Training figure";
  protected override readonly fileName: string = "training";

  constructor(data: TrainingData) {
    super();
    this.data = data;
  }

  override toString(options: TerminalOptions = {}): string {
    return trainingTerminal(this.data, options);
  }

  override toSvg(options: SvgOptions = {}): string {
    return trainingSvg(this.data, options);
  }

  override toHtml(options: HtmlOptions = {}): string {
    return trainingHtml(this.data, options);
  }
}

/**
 * Draws a run: the loss and every metric, in training and in validation, over the epochs, and the learning rates below. An
 * axis is logarithmic if its values differ by a large factor. A dot marks the lowest loss.
 *
 * The metrics `acc`, `train_acc` and `val_acc` share a panel. Without epochs, as in the files of loggers, the axis counts
 * optimizer steps.
 *
 * @param source - The result of `fit`, a `HistoryLogger`, or the `metrics.csv` of a `CsvLogger`: its path, or its text.
 * @throws FulmineError `INVALID_DATA` if the source is none of these or has nothing to draw; `INVALID_OPTION` or
 * `UNKNOWN_OPTION` for an option; `UNAVAILABLE` if the file can't be read.
 * @example
 * ```ts
 * const result = await trainer.fit(model, { train, val });
 * await trainingFigure(result).save("training.svg");
 * ```
 */
export function trainingFigure(source: TrainingSource, options: TrainingFigureOptions = {}): TrainingFigure {
  const { title = "Training", metrics } = checkOptionNames("trainingFigure", options, ["title", "metrics"]);
  checkOption("trainingFigure", "title", typeof title === "string", "must be a string", title);
  const areNames =
    metrics === undefined ||
    (Array.isArray(metrics) && metrics.length > 0 && metrics.every((name) => typeof name === "string"));
  checkOption("trainingFigure", "metrics", areNames, "must be a list of names", metrics);
  const { unit, rows } = measurementsOf(source);
  const panels = toPanels(rows);
  if (panels.length === 0) {
    throw new FulmineError("INVALID_DATA", "There is nothing to draw: the run has measured nothing.", {
      todo: "Train for an epoch, and return the loss from `trainingStep` or log a metric.",
    });
  }
  return new TrainingFigure({
    title,
    unit,
    panels: metrics === undefined ? panels : chosen({ title, unit, panels }, metrics),
  });
}

/** The chosen panels, by their own names or by those of their lines, in the given order. */
function chosen(data: TrainingData, metrics: readonly string[]): TrainingData["panels"] {
  const find = (wanted: string): TrainingData["panels"][number] | undefined =>
    data.panels.find(({ name }) => name === wanted) ??
    data.panels.find(({ series }) => series.some(({ name }) => name === wanted));
  return [...new Set(metrics.map((wanted) => find(wanted) ?? missing(wanted, data)))];
}

function missing(wanted: string, data: TrainingData): never {
  const names = new Set([...data.panels, ...seriesOf(data)].map(({ name }) => name));
  throw new FulmineError(
    "INVALID_OPTION",
    "`metrics` of `trainingFigure` names a metric that the run has not measured.",
    {
      received: wanted,
      todo: `It has: ${[...names].join(", ")}.`,
    },
  );
}
