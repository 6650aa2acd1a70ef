import { area, line } from "d3-shape";
import { readLosses, type Curve } from "../../curve/curve.js";
import { lossChange } from "../../curve/gradient.js";
import type { FigureData } from "../figureData.js";
import {
  overlayRole,
  paint,
  panelX,
  panelY,
  pixels,
  type Role,
  type VerticalAxis,
} from "@fulmine/figure/plugin";
import type { Drawing } from "./drawing.js";

/**
 * Draws the losses: the band of several sweeps, a thin line of measured losses, bold lines of smoothed losses, and a dot for
 * each held-out loss. With an overlay it draws the smoothed losses only.
 */
export function svgLosses({ curve, overlay = [] }: FigureData, drawing: Drawing): string {
  const { loss: axis } = drawing.frame;
  const { valLoss, valSmoothed } = curve;
  const stroke = (losses: readonly number[], role: Role, width: number, lr = curve.lr): string =>
    svgLine({ lr, values: losses, axis, role, width }, drawing);
  const others = overlay.map((other, i) =>
    stroke(readLosses(other.curve).smoothed, overlayRole(i), 2.5, other.curve.lr),
  );
  const isAlone = overlay.length === 0;
  return [
    svgBand(curve, drawing),
    isAlone ? stroke(curve.loss, "raw", 1.25) : "",
    isAlone && valLoss !== undefined ? svgDots(curve.lr, valLoss, "heldOut", drawing) : "",
    ...others,
    isAlone || valLoss === undefined ? stroke(curve.smoothed, "smoothed", 3) : "",
    valSmoothed === undefined ? "" : stroke(valSmoothed, isAlone ? "heldOut" : "smoothed", 3),
  ].join("");
}

/** Draws the slope of the loss of each curve, and a line at zero. */
export function svgChanges(
  { curve, overlay = [] }: FigureData,
  axis: VerticalAxis,
  drawing: Drawing,
): string {
  const { panel, theme } = drawing;
  const zero = pixels(panelY(panel, axis, 0));
  const lineOf = (of: Curve, role: Role): string =>
    svgLine({ lr: of.lr, values: lossChange(of), axis, role, width: 2 }, drawing);
  const own: Role = overlay.length === 0 && curve.valLoss !== undefined ? "heldOut" : "smoothed";
  return [
    `<path d="M${pixels(panel.left)},${zero}H${pixels(panel.right)}" stroke-width="1" ${paint(theme, "axis", "stroke")}/>`,
    ...overlay.map((other, i) => lineOf(other.curve, overlayRole(i))),
    lineOf(curve, own),
  ].join("");
}

interface Line {
  readonly lr: readonly number[];
  readonly values: readonly number[];
  readonly axis: VerticalAxis;
  readonly role: Role;
  readonly width: number;
}

function svgLine({ lr, values, axis, role, width }: Line, { frame, panel, theme }: Drawing): string {
  const path = line<Rung>()
    .digits(1)
    .x(([rate]) => panelX(panel, frame, rate))
    .y(([, value]) => panelY(panel, axis, value))(finiteRungs(lr, values));
  return `<path d="${path ?? ""}" stroke-width="${width}" stroke-linejoin="round"${width > 2 ? ` stroke-linecap="round"` : ""} ${paint(theme, role, "stroke")}/>`;
}

function svgBand({ lr, band }: Curve, { frame, panel, theme }: Drawing): string {
  if (band === undefined) return "";
  const rungs = finiteRungs(lr, band.low).filter(([, , index]) => Number.isFinite(band.high[index]));
  const path = area<Rung>()
    .digits(1)
    .x(([rate]) => panelX(panel, frame, rate))
    .y0(([, low]) => panelY(panel, frame.loss, low))
    .y1(([, , index]) => panelY(panel, frame.loss, band.high[index] ?? NaN))(rungs);
  return `<path d="${path ?? ""}" ${paint(theme, "band", "fill")}/>`;
}

function svgDots(
  lr: readonly number[],
  values: readonly number[],
  role: Role,
  { frame, panel, theme }: Drawing,
): string {
  const dots = finiteRungs(lr, values).map(
    ([rate, value]) =>
      `<circle cx="${pixels(panelX(panel, frame, rate))}" cy="${pixels(panelY(panel, frame.loss, value))}" r="2" ${paint(theme, role, "fill")}/>`,
  );
  return dots.join("");
}

type Rung = readonly [lr: number, value: number, index: number];

/** The rungs with a finite value; the line connects them directly. */
function finiteRungs(lr: readonly number[], values: readonly number[]): Rung[] {
  return values.flatMap((value, i) => (Number.isFinite(value) ? [[lr[i] ?? NaN, value, i]] : []));
}
