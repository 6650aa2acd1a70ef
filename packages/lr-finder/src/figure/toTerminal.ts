import { readLosses, type Curve } from "../curve.js";
import { BrailleCanvas } from "./braille.js";
import { checkDrawing } from "./checkDrawing.js";
import { drawnTrials, type FigureData } from "./figureData.js";
import { frameOf, type Frame, type UprightAxis } from "./frame.js";
import { lossChange } from "./lossChange.js";
import { endInWords, rangeInWords, rateAxisInWords, suggestionInWords, titleOf } from "./words.js";

/** How a figure is written for a terminal. */
export interface TerminalOptions {
  /** Its width in letters, 40 at least. @defaultValue 80 */
  readonly columns?: number;
  /** Its height in lines, caption included, 10 at least (16 with a second panel). @defaultValue 18, or 26 with a second panel */
  readonly rows?: number;
  /** Whether to use ANSI colours; each measured loss is then drawn too, dimmed. @defaultValue false */
  readonly colour?: boolean;
}

/** ANSI colour codes. */
const BLUE = 34;
const RED = 31;
const YELLOW = 33;
const DIM = 2;
/** Those of overlaid curves, in turn. */
const OVERLAID = [YELLOW, 35, 36, 32] as const;

/** Dots in one colour. */
interface Ink {
  readonly canvas: BrailleCanvas;
  readonly code: number;
}

/** A part of the drawing: an upright axis and what is drawn against it, the foremost first. */
interface TerminalPanel {
  readonly axis: UprightAxis;
  readonly height: number;
  readonly inks: readonly Ink[];
  /** Where rings stand: columns, and rows from the top. */
  readonly rings: readonly (readonly [column: number, row: number])[];
}

/**
 * Writes a figure in letters, for a terminal: smoothed losses in braille dots, the pick as an upright line with a caption.
 *
 * @returns lines joined by newlines, none longer than `columns`.
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
  // Title, axis, its labels and its name stand around the panels.
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

/** The names of lines, as many side by side as there is room for. */
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

/** The names of the lines where there are several, each with its colour. */
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
      : [{ label: `mean of ${curve.band.sweeps} sweeps and the band between them`, code: BLUE }]),
    ...(drawnTrials(data).length === 0 ? [] : [{ label: "○ trials", code: RED }]),
  ];
}

/** Shares the rows out: two thirds to the losses where there is a second panel, and a line between the two. */
function panelHeights(
  { loss, change }: Frame,
  rows: number,
): readonly Pick<TerminalPanel, "axis" | "height">[] {
  if (change === null) return [{ axis: loss, height: rows }];
  const first = Math.ceil((rows - 1) * 0.62);
  return [
    { axis: loss, height: first },
    { axis: change, height: rows - 1 - first },
  ];
}

function lossInks(data: FigureData, frame: Frame, width: number, height: number, colour: boolean): Ink[] {
  const { curve, overlay = [] } = data;
  const ink = (of: Curve, losses: readonly number[] | undefined, code: number): Ink[] =>
    losses === undefined ? [] : [{ canvas: draw(frame, frame.loss, of.lr, losses, width, height), code }];
  return [
    ...ink(curve, curve.valSmoothed, YELLOW),
    ...(overlay.length === 0 || curve.valLoss === undefined ? ink(curve, curve.smoothed, BLUE) : []),
    ...overlay.flatMap((other, i) => ink(other.curve, readLosses(other.curve).smoothed, overlaid(i))),
    ...ink(curve, curve.band?.low, BLUE),
    ...ink(curve, curve.band?.high, BLUE),
    // Without colour nothing would tell these dots from the others.
    ...(colour && overlay.length === 0 ? ink(curve, curve.loss, DIM) : []),
  ];
}

function changeInks(
  { curve, overlay = [] }: FigureData,
  frame: Frame,
  axis: UprightAxis,
  width: number,
  height: number,
): Ink[] {
  const ink = (of: Curve, code: number): Ink => ({
    canvas: draw(frame, axis, of.lr, lossChange(of), width, height),
    code,
  });
  return [ink(curve, BLUE), ...overlay.map((other, i) => ink(other.curve, overlaid(i)))];
}

function overlaid(index: number): number {
  return OVERLAID[index % OVERLAID.length] ?? YELLOW;
}

/** The labels of an upright axis and the rows that they stand in. */
function tickRows(axis: UprightAxis, height: number): [row: number, label: string][] {
  return axis.ticks(height / 3).map(({ value, label }) => [rowOf(axis, value, height), label]);
}

function panelLines(
  { axis, height, inks, rings }: TerminalPanel,
  place: { width: number; gutter: number; pickAt: number; dye: (text: string, code: number) => string },
): string[] {
  const { width, gutter, pickAt, dye } = place;
  const ticks = new Map(tickRows(axis, height));
  return Array.from({ length: height }, (_, row) => {
    const label = ticks.get(row);
    const letters = Array.from({ length: width }, (_, column) => {
      if (rings.some(([x, y]) => x === column && y === row)) return dye("○", RED);
      const ink = inks.find(({ canvas, code }) => code !== DIM && canvas.letter(column, row) !== " ");
      if (ink !== undefined) return dye(ink.canvas.letter(column, row), ink.code);
      if (column === pickAt) return dye("│", RED);
      const faint = inks.find(({ code }) => code === DIM);
      return faint === undefined ? " " : dye(faint.canvas.letter(column, row), DIM);
    });
    return `${(label ?? "").padStart(gutter)}${label === undefined ? " │" : " ┤"}${letters.join("")}`.trimEnd();
  });
}

/** Where a trial stands: at the loss that it came to, in the first row where it was given up. */
function trialPlaces(
  data: FigureData,
  frame: Frame,
  width: number,
  height: number,
): [column: number, row: number][] {
  return drawnTrials(data).map(({ lr, score }) => [
    Math.round(frame.across(lr) * (width - 1)),
    Math.max(0, rowOf(frame.loss, score, height)),
  ]);
}

/** The row of the panel that a value stands in, from the top. */
function rowOf(axis: UprightAxis, value: number, height: number): number {
  return Math.min(height - 1, Math.floor((1 - axis.up(value)) * height));
}

function draw(
  frame: Frame,
  axis: UprightAxis,
  lr: readonly number[],
  values: readonly number[],
  width: number,
  height: number,
): BrailleCanvas {
  const canvas = new BrailleCanvas(width, height);
  let before: readonly [x: number, y: number] | undefined;
  for (const [i, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    const x = frame.across(lr[i] ?? NaN) * (2 * width - 1);
    // A value far above the panel is brought near: its line leaves the panel all the same.
    const y = (1 - Math.min(2, axis.up(value))) * (4 * height - 1);
    const [fromX, fromY] = before ?? [x, y];
    canvas.line(fromX, fromY, x, y);
    before = [x, y];
  }
  return canvas;
}

/** The axis of rates and its labels, which keep a space between them. */
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
  const said = parts.filter((words) => words !== null);
  const line = said.join(", ");
  const ended = curve.stopped === "finished" ? [] : [endInWords(curve.stopped)];
  // Two short lines tell more than one that is cut off.
  return [...(line.length > columns || line === "" ? said : [line]), ...ended].map((words) =>
    shorten(words, columns),
  );
}

function shorten(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
}
