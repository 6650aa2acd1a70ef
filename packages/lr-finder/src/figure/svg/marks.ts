import {
  formatRate,
  overlayRole,
  paint,
  panelX,
  panelY,
  pixels,
  svgRing,
  textWidth,
  type Role,
} from "@fulmine/figure/plugin";
import type { Curve } from "../../curve/curve.js";
import type { Suggestion } from "../../rules/suggestion.js";
import { drawnTrials, type FigureData } from "../figureData.js";
import { smoothedAt } from "../frame.js";
import type { Drawing } from "./drawing.js";

/** Draws the background of a panel: the usable range, and a line at the rate at which the sweep stopped. */
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

/** Draws the suggested rate: a line through all panels with a label, and a dot on the curve. Overlaid curves get only a dot. */
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
  // The rate can be outside the sweep (`minimum` divides by ten). Then the label is at the edge and there is no line.
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

/** Draws the trials: a ring at the score of each trial, at the upper edge if the trial stopped early. */
export function svgTrials(data: FigureData, { frame, panel, theme }: Drawing): string {
  const radius = panel.size * 0.3;
  const rings = drawnTrials(data).map(({ lr, score }) => {
    const y = panelY(panel, frame.loss, score);
    return svgRing(theme, panelX(panel, frame, lr), Math.max(panel.top + radius + 1, y), radius);
  });
  return rings.join("");
}
