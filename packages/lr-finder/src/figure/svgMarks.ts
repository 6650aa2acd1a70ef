import { line } from "d3-shape";
import type { FigureData } from "./figureData.js";
import { formatRate } from "./formatRate.js";
import type { Frame } from "./frame.js";
import { pixels } from "./pixels.js";
import { smoothedAt } from "./smoothedAt.js";
import { panelX, panelY, type Panel } from "./svgAxes.js";
import { textWidth } from "./textWidth.js";
import { paint, type Theme } from "./theme.js";

/** What lies under the curve: the shaded range, and the line where the sweep was stopped. */
export function svgBackdrop(
  { curve, suggestion }: FigureData,
  frame: Frame,
  panel: Panel,
  theme: Theme,
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
  if (curve.stopped !== "finished" && last !== undefined) {
    parts.push(
      `<path d="M${pixels(panelX(panel, frame, last))},${pixels(top)}V${pixels(bottom)}" stroke-width="1.5" stroke-dasharray="5 4" ${paint(theme, "stop", "stroke")}/>`,
    );
  }
  return parts.join("");
}

/** The measured losses, faint, the smoothed ones, bold, and the held-out ones as dots. */
export function svgCurve({ curve }: FigureData, frame: Frame, panel: Panel, theme: Theme): string {
  const pathOf = (losses: readonly number[]): string =>
    line<number>()
      .digits(1)
      .defined((loss) => Number.isFinite(loss))
      .x((_, i) => panelX(panel, frame, curve.lr[i] ?? NaN))
      .y((loss) => panelY(panel, frame, loss))([...losses]) ?? "";
  const heldOut = (curve.valLoss ?? []).flatMap((loss, i) => {
    if (!Number.isFinite(loss)) return [];
    const x = pixels(panelX(panel, frame, curve.lr[i] ?? NaN));
    return `<circle cx="${x}" cy="${pixels(panelY(panel, frame, loss))}" r="3" ${paint(theme, "heldOut", "fill")}/>`;
  });
  return [
    `<path d="${pathOf(curve.loss)}" stroke-width="1.25" stroke-linejoin="round" ${paint(theme, "raw", "stroke")}/>`,
    ...heldOut,
    `<path d="${pathOf(curve.smoothed)}" stroke-width="3" stroke-linejoin="round" stroke-linecap="round" ${paint(theme, "smoothed", "stroke")}/>`,
  ].join("");
}

/** The pick: a line through the panel with its value above, and a dot on the smoothed curve. */
export function svgPick({ curve, suggestion }: FigureData, frame: Frame, panel: Panel, theme: Theme): string {
  if (suggestion?.lr == null) return "";
  const { top, bottom, left, right, size } = panel;
  const x = panelX(panel, frame, suggestion.lr);
  // A pick may lie outside the sweep (`minimum` steps back by ten): its label then stands at the edge,
  // without a line.
  const isInside = x >= left - 0.5 && x <= right + 0.5;
  const label = `${isInside ? "" : x < left ? "← " : "→ "}lr ${formatRate(suggestion.lr)}`;
  const half = textWidth(label, size) / 2;
  const labelX = Math.max(left + half, Math.min(right - half, x));
  const text = `<text x="${pixels(labelX)}" y="${pixels(top - size * 0.5)}" font-size="${size}" font-weight="700" text-anchor="middle" ${paint(theme, "pick", "fill")}>${label}</text>`;
  if (!isInside) return text;
  const y = panelY(panel, frame, smoothedAt(curve, frame, suggestion.lr));
  const dot =
    y >= top && y <= bottom
      ? `<circle cx="${pixels(x)}" cy="${pixels(y)}" r="${pixels(size * 0.4 + 2)}" ${paint(theme, "surface", "fill")}/>` +
        `<circle cx="${pixels(x)}" cy="${pixels(y)}" r="${pixels(size * 0.4)}" ${paint(theme, "pick", "fill")}/>`
      : "";
  return (
    text +
    `<path d="M${pixels(x)},${pixels(top - 2)}V${pixels(bottom)}" stroke-width="1.5" ${paint(theme, "pick", "stroke")}/>` +
    dot
  );
}
