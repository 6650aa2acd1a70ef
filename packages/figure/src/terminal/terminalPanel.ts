import type { HorizontalAxis, VerticalAxis } from "../axes/axis.js";
import { BrailleCanvas } from "./brailleCanvas.js";

/** ANSI colour codes. */
export const COLOURS = { dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;

/** Dots of one colour. */
export interface Ink {
  readonly canvas: BrailleCanvas;
  readonly code: number;
}

/** A panel: a vertical axis and its layers, the top layer first. */
export interface TerminalPanel {
  readonly axis: VerticalAxis;
  readonly height: number;
  readonly inks: readonly Ink[];
  /** Characters over the lines; rows count from the top. */
  readonly marks?: readonly (readonly [column: number, row: number, letter: string])[];
}

/** Where panels are drawn. */
export interface TerminalPlace {
  readonly width: number;
  /** The width of the labels. */
  readonly gutter: number;
  /** The column of a vertical line; NaN for none. */
  readonly pickAt: number;
  /** Colours a text. */
  readonly dye: (text: string, code: number) => string;
}

/** Makes a function that colours texts, or leaves them as they are. */
export function dyeing(colour: boolean): TerminalPlace["dye"] {
  return (text, code) => (colour && text !== " " ? `\u001b[${code}m${text}\u001b[0m` : text);
}

/** The labels of a vertical axis and their rows. */
export function tickRows(axis: VerticalAxis, height: number): [row: number, label: string][] {
  return axis.ticks(height / 3).map(({ value, label }) => [rowOf(axis, value, height), label]);
}

/** The width that the labels of panels need. */
export function gutterOf(panels: readonly Pick<TerminalPanel, "axis" | "height">[]): number {
  const labels = panels.flatMap(({ axis, height }) =>
    tickRows(axis, height).map(([, label]) => label.length),
  );
  return Math.max(0, ...labels) + 1;
}

/** Draws a panel. */
export function panelLines(
  { axis, height, inks, marks = [] }: TerminalPanel,
  place: TerminalPlace,
): string[] {
  const { width, gutter, pickAt, dye } = place;
  const ticks = new Map(tickRows(axis, height));
  return Array.from({ length: height }, (_, row) => {
    const label = ticks.get(row);
    const letters = Array.from({ length: width }, (_, column) => {
      const mark = marks.find(([x, y]) => x === column && y === row);
      if (mark !== undefined) return dye(mark[2], COLOURS.red);
      const ink = inks.find(({ canvas, code }) => code !== COLOURS.dim && canvas.letter(column, row) !== " ");
      if (ink !== undefined) return dye(ink.canvas.letter(column, row), ink.code);
      if (column === pickAt) return dye("│", COLOURS.red);
      const faint = inks.find(({ code }) => code === COLOURS.dim);
      return faint === undefined ? " " : dye(faint.canvas.letter(column, row), COLOURS.dim);
    });
    return `${(label ?? "").padStart(gutter)}${label === undefined ? " │" : " ┤"}${letters.join("")}`.trimEnd();
  });
}

/** The row of a value in a panel, from the top. */
export function rowOf(axis: VerticalAxis, value: number, height: number): number {
  return Math.min(height - 1, Math.floor((1 - axis.up(value)) * height));
}

/** Draws a line through points. A point that is not finite is left out, or breaks the line with `hasGaps`. */
export function drawLine(
  points: readonly (readonly [x: number, y: number])[],
  axes: { readonly horizontal: Pick<HorizontalAxis, "across">; readonly vertical: VerticalAxis },
  { width, height }: { readonly width: number; readonly height: number },
  hasGaps = false,
): BrailleCanvas {
  const canvas = new BrailleCanvas(width, height);
  let before: readonly [x: number, y: number] | undefined;
  for (const [at, value] of points) {
    if (!Number.isFinite(value)) {
      if (hasGaps) before = undefined;
      continue;
    }
    const x = axes.horizontal.across(at) * (2 * width - 1);
    // Clamp values far above the panel; their line leaves the panel anyway.
    const y = (1 - Math.min(2, axes.vertical.up(value))) * (4 * height - 1);
    const [fromX, fromY] = before ?? [x, y];
    canvas.line(fromX, fromY, x, y);
    before = [x, y];
  }
  return canvas;
}

/** A horizontal axis and its labels, at least one space apart. */
export function horizontalAxisLines(
  horizontal: HorizontalAxis,
  width: number,
  pickAt = NaN,
): { readonly axis: string; readonly labels: string } {
  const axis = Array.from({ length: width }, () => "─");
  let labels = "";
  for (const { value, label } of horizontal.ticks(Math.floor(width / 9)).major) {
    const column = Math.round(horizontal.across(value) * (width - 1));
    axis[column] = "┬";
    const start = Math.min(width - label.length, Math.max(0, column - Math.floor(label.length / 2)));
    if (start > labels.length || labels === "") labels = labels.padEnd(start) + label;
  }
  if (pickAt >= 0 && pickAt < width) axis[pickAt] = "▲";
  return { axis: axis.join(""), labels };
}

/** A legend, wrapped to the width. */
export function legendLines(
  legend: readonly { readonly label: string; readonly code: number }[],
  columns: number,
  dye: TerminalPlace["dye"],
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

/** A text cut to a number of characters. */
export function shorten(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
}
