import type { TerminalOptions } from "@fulmine/figure";
import {
  checkDrawing,
  COLOURS,
  dyeing,
  gutterOf,
  horizontalAxisLines,
  legendLines,
  panelLines,
  shorten,
} from "@fulmine/figure/plugin";
import { endInWords, rangeInWords, suggestionInWords } from "../../explain/words.js";
import { drawnTrials, rateAxisInWords, titleOf, type FigureData } from "../figureData.js";
import { frameOf } from "../frame.js";
import { changeInks, lossInks, overlaid, panelHeights, trialMarks } from "./panels.js";

/**
 * Draws a figure as text for a terminal: the smoothed losses as braille dots, the suggested rate as a vertical line and a
 * caption. By default it has 18 lines, at least 10, and with a second panel 26, at least 16.
 *
 * @returns Lines of at most `columns` characters, joined by newlines.
 */
export function toTerminal(data: FigureData, options: TerminalOptions = {}): string {
  checkDrawing("toTerminal", options, ["columns", "rows", "colour"]);
  const columns = Math.max(40, Math.floor(options.columns ?? 80));
  const [least, usual] = data.change === true ? [16, 26] : [10, 18];
  const rows = Math.max(least, Math.floor(options.rows ?? usual));
  const colour = options.colour ?? false;
  const dye = dyeing(colour);

  const caption = captionOf(data, columns);
  const legend = legendLines(legendOf(data), columns, dye);
  const frame = frameOf(data);
  // The title, the axis, its labels and its title take four lines.
  const heights = panelHeights(frame, rows - 4 - caption.length - legend.length);
  const gutter = gutterOf(heights);
  const width = columns - gutter - 2;
  const pick = data.suggestion?.lr;
  const pickAt = pick == null ? NaN : Math.round(frame.across(pick) * (width - 1));

  const lines = heights.flatMap(({ axis, height }, i) => {
    const size = { width, height };
    const isLoss = axis === frame.loss;
    const inks = isLoss ? lossInks(data, frame, size, colour) : changeInks(data, frame, axis, size);
    const marks = isLoss ? trialMarks(data, frame, size) : [];
    const panel = panelLines({ axis, height, inks, marks }, { width, gutter, pickAt, dye });
    return i === 0 ? panel : [`${" ".repeat(gutter + 1)}├${"─".repeat(width)}`, ...panel];
  });

  const { axis, labels } = horizontalAxisLines(frame, width, pickAt);
  const indent = " ".repeat(gutter + 1);
  const name = rateAxisInWords(data);
  return [
    shorten(titleOf(data), columns),
    ...lines,
    `${indent}╰${axis.replace("▲", dye("▲", COLOURS.red))}`,
    `${indent} ${labels}`.trimEnd(),
    `${indent} ${" ".repeat(Math.max(0, Math.floor((width - name.length) / 2)))}${name}`,
    ...legend,
    ...caption,
  ].join("\n");
}

/** The names and the colours of the lines; empty if there is only one line. */
function legendOf(data: FigureData): { label: string; code: number }[] {
  const { curve, overlay = [], label = "this sweep" } = data;
  if (overlay.length > 0)
    return [
      { label, code: COLOURS.blue },
      ...overlay.map((other, i) => ({ label: other.label, code: overlaid(i) })),
    ];
  return [
    ...(curve.valLoss === undefined
      ? []
      : [
          { label: "training", code: COLOURS.blue },
          { label: "held out", code: COLOURS.yellow },
        ]),
    ...(curve.band === undefined
      ? []
      : [{ label: `mean and range of ${curve.band.sweeps} sweeps`, code: COLOURS.blue }]),
    ...(drawnTrials(data).length === 0 ? [] : [{ label: "○ trials", code: COLOURS.red }]),
  ];
}

function captionOf({ curve, suggestion }: FigureData, columns: number): string[] {
  const parts = suggestion ? [suggestionInWords(suggestion), rangeInWords(suggestion)] : [];
  const lines = parts.filter((words) => words !== null);
  const line = lines.join(", ");
  const ended = curve.stopped === "finished" ? [] : [endInWords(curve.stopped)];
  // Use two lines if the text does not fit in one.
  return [...(line.length > columns || line === "" ? lines : [line]), ...ended].map((words) =>
    shorten(words, columns),
  );
}
