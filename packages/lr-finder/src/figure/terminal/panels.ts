import {
  COLOURS,
  drawLine,
  rowOf,
  type Ink,
  type TerminalPanel,
  type VerticalAxis,
} from "@fulmine/figure/plugin";
import { readLosses, type Curve } from "../../curve/curve.js";
import { lossChange } from "../../curve/gradient.js";
import { drawnTrials, type FigureData } from "../figureData.js";
import type { Frame } from "../frame.js";

const { blue, cyan, dim, green, magenta, yellow } = COLOURS;
/** The colours of overlaid curves, in cyclic order. */
const OVERLAID = [yellow, magenta, cyan, green] as const;

/** The size of a panel in characters. */
interface Size {
  readonly width: number;
  readonly height: number;
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

/** The lines of the losses. */
export function lossInks(data: FigureData, frame: Frame, size: Size, colour: boolean): Ink[] {
  const { curve, overlay = [] } = data;
  const ink = (of: Curve, losses: readonly number[] | undefined, code: number): Ink[] =>
    losses === undefined ? [] : [{ canvas: draw(frame, frame.loss, of.lr, losses, size), code }];
  return [
    ...ink(curve, curve.valSmoothed, yellow),
    ...(overlay.length === 0 || curve.valLoss === undefined ? ink(curve, curve.smoothed, blue) : []),
    ...overlay.flatMap((other, i) => ink(other.curve, readLosses(other.curve).smoothed, overlaid(i))),
    ...ink(curve, curve.band?.low, blue),
    ...ink(curve, curve.band?.high, blue),
    // Without colours these dots would look like the other lines.
    ...(colour && overlay.length === 0 ? ink(curve, curve.loss, dim) : []),
  ];
}

/** The lines of the slopes. */
export function changeInks(
  { curve, overlay = [] }: FigureData,
  frame: Frame,
  axis: VerticalAxis,
  size: Size,
): Ink[] {
  const ink = (of: Curve, code: number): Ink => ({
    canvas: draw(frame, axis, of.lr, lossChange(of), size),
    code,
  });
  return [ink(curve, blue), ...overlay.map((other, i) => ink(other.curve, overlaid(i)))];
}

/** The colour of an overlaid curve. */
export function overlaid(index: number): number {
  return OVERLAID[index % OVERLAID.length] ?? yellow;
}

/** The marks of the trials: at their scores, or in the first row if they stopped early. */
export function trialMarks(
  data: FigureData,
  frame: Frame,
  { width, height }: Size,
): [column: number, row: number, letter: string][] {
  return drawnTrials(data).map(({ lr, score }) => [
    Math.round(frame.across(lr) * (width - 1)),
    Math.max(0, rowOf(frame.loss, score, height)),
    "○",
  ]);
}

function draw(
  frame: Frame,
  vertical: VerticalAxis,
  lr: readonly number[],
  values: readonly number[],
  size: Size,
): Ink["canvas"] {
  const points = values.map((value, i) => [lr[i] ?? NaN, value] as const);
  return drawLine(points, { horizontal: frame, vertical }, size);
}
