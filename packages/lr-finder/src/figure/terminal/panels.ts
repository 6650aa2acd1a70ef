import { readLosses, type Curve } from "../../curve/curve.js";
import { lossChange } from "../../curve/gradient.js";
import { drawnTrials, type FigureData } from "../figureData.js";
import type { Frame, VerticalAxis } from "../frame.js";
import { BrailleCanvas } from "./brailleCanvas.js";

/** ANSI colour codes. */
export const BLUE = 34;
export const RED = 31;
export const YELLOW = 33;
const DIM = 2;
/** The colours of overlaid curves, in cyclic order. */
const OVERLAID = [YELLOW, 35, 36, 32] as const;

/** Dots of one colour. */
interface Ink {
  readonly canvas: BrailleCanvas;
  readonly code: number;
}

/** A panel: a vertical axis and its layers, the top layer first. */
interface TerminalPanel {
  readonly axis: VerticalAxis;
  readonly height: number;
  readonly inks: readonly Ink[];
  /** The cells of rings; rows count from the top. */
  readonly rings: readonly (readonly [column: number, row: number])[];
}

/** Divides the rows between the panels: about two thirds for the losses, and one row between the panels. */
export function panelHeights(
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

export function lossInks(
  data: FigureData,
  frame: Frame,
  width: number,
  height: number,
  colour: boolean,
): Ink[] {
  const { curve, overlay = [] } = data;
  const ink = (of: Curve, losses: readonly number[] | undefined, code: number): Ink[] =>
    losses === undefined ? [] : [{ canvas: draw(frame, frame.loss, of.lr, losses, width, height), code }];
  return [
    ...ink(curve, curve.valSmoothed, YELLOW),
    ...(overlay.length === 0 || curve.valLoss === undefined ? ink(curve, curve.smoothed, BLUE) : []),
    ...overlay.flatMap((other, i) => ink(other.curve, readLosses(other.curve).smoothed, overlaid(i))),
    ...ink(curve, curve.band?.low, BLUE),
    ...ink(curve, curve.band?.high, BLUE),
    // Without colours these dots would look like the other lines.
    ...(colour && overlay.length === 0 ? ink(curve, curve.loss, DIM) : []),
  ];
}

export function changeInks(
  { curve, overlay = [] }: FigureData,
  frame: Frame,
  axis: VerticalAxis,
  width: number,
  height: number,
): Ink[] {
  const ink = (of: Curve, code: number): Ink => ({
    canvas: draw(frame, axis, of.lr, lossChange(of), width, height),
    code,
  });
  return [ink(curve, BLUE), ...overlay.map((other, i) => ink(other.curve, overlaid(i)))];
}

export function overlaid(index: number): number {
  return OVERLAID[index % OVERLAID.length] ?? YELLOW;
}

/** The labels of a vertical axis and their rows. */
export function tickRows(axis: VerticalAxis, height: number): [row: number, label: string][] {
  return axis.ticks(height / 3).map(({ value, label }) => [rowOf(axis, value, height), label]);
}

export function panelLines(
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

/** The cells of the trials: at their scores, or in the first row if they stopped early. */
export function trialPlaces(
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

/** The row of a value in a panel, from the top. */
function rowOf(axis: VerticalAxis, value: number, height: number): number {
  return Math.min(height - 1, Math.floor((1 - axis.up(value)) * height));
}

function draw(
  frame: Frame,
  axis: VerticalAxis,
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
    // Clamp values far above the panel; their line leaves the panel anyway.
    const y = (1 - Math.min(2, axis.up(value))) * (4 * height - 1);
    const [fromX, fromY] = before ?? [x, y];
    canvas.line(fromX, fromY, x, y);
    before = [x, y];
  }
  return canvas;
}
