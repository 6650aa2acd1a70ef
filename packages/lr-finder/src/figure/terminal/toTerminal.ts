import { endInWords, rangeInWords, suggestionInWords } from "../../explain/words.js";
import { checkDrawing } from "../checkDrawing.js";
import { drawnTrials, rateAxisInWords, titleOf, type FigureData } from "../figureData.js";
import { frameOf, type Frame } from "../frame.js";
import {
  BLUE,
  changeInks,
  lossInks,
  overlaid,
  panelHeights,
  panelLines,
  RED,
  tickRows,
  trialPlaces,
  YELLOW,
} from "./panels.js";

/** The options of {@link toTerminal}. */
export interface TerminalOptions {
  /** The width in characters, at least 40. @defaultValue 80 */
  readonly columns?: number;
  /** The height in lines, at least 10, or 16 with a second panel. @defaultValue 18, or 26 with a second panel */
  readonly rows?: number;
  /** Whether to use ANSI colours. With colours the measured losses are also drawn, dimmed. @defaultValue false */
  readonly colour?: boolean;
}

/**
 * Draws a figure as text for a terminal: the smoothed losses as braille dots, the suggested rate as a vertical line and a
 * caption.
 *
 * @returns Lines of at most `columns` characters, joined by newlines.
 */
export function toTerminal(data: FigureData, options: TerminalOptions = {}): string {
  checkDrawing("toTerminal", options, ["columns", "rows", "colour"]);
  const columns = Math.max(40, Math.floor(options.columns ?? 80));
  const [least, usual] = data.change === true ? [16, 26] : [10, 18];
  const rows = Math.max(least, Math.floor(options.rows ?? usual));
  const colour = options.colour ?? false;
  const dye = (text: string, code: number): string =>
    colour && text !== " " ? `\u001b[${code}m${text}\u001b[0m` : text;

  const caption = captionOf(data, columns);
  const legend = legendLines(legendOf(data), columns, dye);
  const frame = frameOf(data);
  // The title, the axis, its labels and its title take four lines.
  const heights = panelHeights(frame, rows - 4 - caption.length - legend.length);
  const gutter =
    Math.max(
      ...heights.flatMap(({ axis, height }) => tickRows(axis, height).map(([, label]) => label.length)),
    ) + 1;
  const width = columns - gutter - 2;
  const pick = data.suggestion?.lr;
  const pickAt = pick == null ? NaN : Math.round(frame.across(pick) * (width - 1));

  const lines = heights.flatMap(({ axis, height }, i) => {
    const inks =
      axis === frame.loss
        ? lossInks(data, frame, width, height, colour)
        : changeInks(data, frame, axis, width, height);
    const rings = axis === frame.loss ? trialPlaces(data, frame, width, height) : [];
    const panel = panelLines({ axis, height, inks, rings }, { width, gutter, pickAt, dye });
    return i === 0 ? panel : [`${" ".repeat(gutter + 1)}├${"─".repeat(width)}`, ...panel];
  });

  const { axis, labels } = rateAxis(frame, width, pickAt);
  const indent = " ".repeat(gutter + 1);
  const name = rateAxisInWords(data);
  return [
    shorten(titleOf(data), columns),
    ...lines,
    `${indent}╰${axis.replace("▲", dye("▲", RED))}`,
    `${indent} ${labels}`.trimEnd(),
    `${indent} ${" ".repeat(Math.max(0, Math.floor((width - name.length) / 2)))}${name}`,
    ...legend,
    ...caption,
  ].join("\n");
}

/** The legend, wrapped to the width. */
function legendLines(
  legend: readonly { label: string; code: number }[],
  columns: number,
  dye: (text: string, code: number) => string,
): string[] {
  const lines: { length: number; text: string }[] = [];
  for (const { label, code } of legend) {
    const name = shorten(label, columns);
    const line = lines.at(-1);
    if (line === undefined || line.length + 2 + name.length > columns)
      lines.push({ length: name.length, text: dye(name, code) });
    else {
      line.length += 2 + name.length;
      line.text += `, ${dye(name, code)}`;
    }
  }
  return lines.map(({ text }) => text);
}

/** The names and the colours of the lines; empty if there is only one line. */
function legendOf(data: FigureData): { label: string; code: number }[] {
  const { curve, overlay = [], label = "this sweep" } = data;
  if (overlay.length > 0)
    return [{ label, code: BLUE }, ...overlay.map((other, i) => ({ label: other.label, code: overlaid(i) }))];
  return [
    ...(curve.valLoss === undefined
      ? []
      : [
          { label: "training", code: BLUE },
          { label: "held out", code: YELLOW },
        ]),
    ...(curve.band === undefined
      ? []
      : [{ label: `mean and range of ${curve.band.sweeps} sweeps`, code: BLUE }]),
    ...(drawnTrials(data).length === 0 ? [] : [{ label: "○ trials", code: RED }]),
  ];
}

/** The rate axis and its labels, at least one space apart. */
function rateAxis(frame: Frame, width: number, pickAt: number): { axis: string; labels: string } {
  const axis = Array.from({ length: width }, () => "─");
  let labels = "";
  for (const { value, label } of frame.lrTicks(Math.floor(width / 9)).major) {
    const column = Math.round(frame.across(value) * (width - 1));
    axis[column] = "┬";
    const start = Math.min(width - label.length, Math.max(0, column - Math.floor(label.length / 2)));
    if (start > labels.length || labels === "") labels = labels.padEnd(start) + label;
  }
  if (pickAt >= 0 && pickAt < width) axis[pickAt] = "▲";
  return { axis: axis.join(""), labels };
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

function shorten(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
}
