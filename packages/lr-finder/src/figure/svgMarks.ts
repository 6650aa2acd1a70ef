import { area, line } from "d3-shape";
import { readLosses, type Curve } from "../curve.js";
import type { Suggestion } from "../suggestion.js";
import type { FigureData } from "./figureData.js";
import { formatRate } from "./formatRate.js";
import type { Frame, UprightAxis } from "./frame.js";
import { lossChange } from "./lossChange.js";
import { pixels } from "./pixels.js";
import { smoothedAt } from "./smoothedAt.js";
import { panelX, panelY, type Panel } from "./svgAxes.js";
import { textWidth } from "./textWidth.js";
import { overlayRole, paint, type Role, type Theme } from "./theme.js";

/** What marks are drawn with. */
export interface Drawing {
  readonly frame: Frame;
  readonly panel: Panel;
  readonly theme: Theme;
}

/** What lies under the curve: the shaded range, and the line where the sweep was stopped. */
export function svgBackdrop(
  { curve, suggestion, overlay }: FigureData,
  { frame, panel, theme }: Drawing,
): string {
  const { top, bottom, left, right } = panel;
  const parts: string[] = [];
  if (suggestion?.range) {
    const [low, high] = suggestion.range.map((lr) =>
      Math.max(left, Math.min(right, panelX(panel, frame, lr))),
    );
    if (low !== undefined && high !== undefined && high > low) {
      parts.push(
        `<rect x="${pixels(low)}" y="${pixels(top)}" width="${pixels(high - low)}" height="${pixels(bottom - top)}" ${paint(theme, "range", "fill")}/>`,
      );
    }
  }
  const last = curve.lr.at(-1);
  if (curve.stopped !== "finished" && last !== undefined && overlay === undefined) {
    parts.push(
      `<path d="M${pixels(panelX(panel, frame, last))},${pixels(top)}V${pixels(bottom)}" stroke-width="1.5" stroke-dasharray="5 4" ${paint(theme, "stop", "stroke")}/>`,
    );
  }
  return parts.join("");
}

/**
 * The losses: the band of several sweeps, the measured ones, faint, the smoothed ones, bold, and the held-out ones with a
 * dot for each; of overlaid curves the smoothed ones alone.
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

/** How fast the loss changes, of each curve, and the line of no change. */
export function svgChanges({ curve, overlay = [] }: FigureData, axis: UprightAxis, drawing: Drawing): string {
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

/** The pick: a line through the panels with its value above, and a dot on the curve; of overlaid curves the dot alone. */
export function svgPicks(
  { curve, suggestion, overlay = [] }: FigureData,
  drawing: Drawing,
  bottom: number,
): string {
  const others = overlay.map((other, i) => svgDot(other.curve, other.suggestion, overlayRole(i), drawing));
  if (suggestion?.lr == null) return others.join("");
  const { frame, panel, theme } = drawing;
  const { top, left, right, size } = panel;
  const x = panelX(panel, frame, suggestion.lr);
  // A pick may lie outside the sweep (`minimum` steps back by ten): its label then stands at the edge,
  // without a line.
  const isInside = x >= left - 0.5 && x <= right + 0.5;
  const label = `${isInside ? "" : x < left ? "← " : "→ "}lr ${formatRate(suggestion.lr)}`;
  const half = textWidth(label, size) / 2;
  const labelX = Math.max(left + half, Math.min(right - half, x));
  const text = `<text x="${pixels(labelX)}" y="${pixels(top - size * 0.5)}" font-size="${size}" font-weight="700" text-anchor="middle" ${paint(theme, "pick", "fill")}>${label}</text>`;
  const line = `<path d="M${pixels(x)},${pixels(top - 2)}V${pixels(bottom)}" stroke-width="1.5" ${paint(theme, "pick", "stroke")}/>`;
  return [text, isInside ? line : "", ...others, svgDot(curve, suggestion, "pick", drawing)].join("");
}

function svgDot(
  curve: Curve,
  suggestion: Suggestion | undefined,
  role: Role,
  { frame, panel, theme }: Drawing,
): string {
  if (suggestion?.lr == null) return "";
  const x = pixels(panelX(panel, frame, suggestion.lr));
  const y = panelY(panel, frame.loss, smoothedAt(curve, frame, suggestion.lr));
  if (!(y >= panel.top && y <= panel.bottom)) return "";
  const dot = (radius: number, colour: Role): string =>
    `<circle cx="${x}" cy="${pixels(y)}" r="${pixels(radius)}" ${paint(theme, colour, "fill")}/>`;
  return dot(panel.size * 0.4 + 2, "surface") + dot(panel.size * 0.4, role);
}

interface Line {
  readonly lr: readonly number[];
  readonly values: readonly number[];
  readonly axis: UprightAxis;
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

/** The rungs that have a value; a line goes straight from one to the next. */
function finiteRungs(lr: readonly number[], values: readonly number[]): Rung[] {
  return values.flatMap((value, i) => (Number.isFinite(value) ? [[lr[i] ?? NaN, value, i]] : []));
}
