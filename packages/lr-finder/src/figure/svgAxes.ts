import type { FigureData } from "./figureData.js";
import type { Frame } from "./frame.js";
import { pixels } from "./pixels.js";
import { textWidth } from "./textWidth.js";
import { paint, type Theme } from "./theme.js";
import { rateAxisInWords } from "./words.js";

/** Where in an SVG the curve is drawn, in pixels. */
export interface Panel {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The size of its letters. */
  readonly size: number;
}

/** Where a rate stands in a panel, in pixels. */
export function panelX(panel: Panel, frame: Frame, lr: number): number {
  return panel.left + frame.across(lr) * (panel.right - panel.left);
}

/** Where a loss stands in a panel, in pixels; what is far beyond the panel is brought near. */
export function panelY(panel: Panel, frame: Frame, loss: number): number {
  const up = Math.max(-1, Math.min(2, frame.up(loss)));
  return panel.bottom - up * (panel.bottom - panel.top);
}

/** How many pixels the labels of the loss axis take, the axis title with them. */
export function lossAxisWidth(frame: Frame, size: number): number {
  const labels = frame.lossTicks(LOSS_TICKS).map(({ label }) => textWidth(label, size));
  return Math.max(0, ...labels) + size * 2.5;
}

/** How many pixels the labels of the rate axis take, the axis title with them. */
export function rateAxisHeight(size: number): number {
  return size * 3.8;
}

const LOSS_TICKS = 5;

/** The grid, the axes and their labels. */
export function svgAxes(data: FigureData, frame: Frame, panel: Panel, theme: Theme): string {
  const { left, right, top, bottom, size } = panel;
  const rates = frame.lrTicks(Math.floor((right - left) / (size * 4)));
  const losses = frame.lossTicks(LOSS_TICKS);
  const at = (lr: number): string => pixels(panelX(panel, frame, lr));
  const height = (loss: number): string => pixels(panelY(panel, frame, loss));

  const gridLines = [
    ...losses.map(({ value }) => `M${pixels(left)},${height(value)}H${pixels(right)}`),
    ...rates.major.map(({ value }) => `M${at(value)},${pixels(top)}V${pixels(bottom)}`),
  ].join("");
  const tickLines = [
    ...rates.major.map(({ value }) => `M${at(value)},${pixels(bottom)}v${pixels(size * 0.4)}`),
    ...rates.minor.map((value) => `M${at(value)},${pixels(bottom)}v${pixels(size * 0.22)}`),
  ].join("");
  const lossLabels = losses.map(
    ({ value, label }) =>
      `<text x="${pixels(left - size * 0.55)}" y="${pixels(panelY(panel, frame, value) + size * 0.35)}" text-anchor="end">${label}</text>`,
  );
  const rateLabels = rates.major.map(
    ({ value, label }) =>
      `<text x="${at(value)}" y="${pixels(bottom + size * 1.55)}" text-anchor="middle">${label}</text>`,
  );
  const middle = pixels((top + bottom) / 2);
  const lossTitleX = pixels(left - lossAxisWidth(frame, size) + size * 0.9);
  return [
    `<path d="${gridLines}" stroke-width="1" ${paint(theme, "grid", "stroke")}/>`,
    `<path d="M${pixels(left)},${pixels(bottom)}H${pixels(right)}${tickLines}" stroke-width="1" ${paint(theme, "axis", "stroke")}/>`,
    `<g font-size="${size}" ${paint(theme, "muted", "fill")}>${[...lossLabels, ...rateLabels].join("")}</g>`,
    `<g font-size="${size}" text-anchor="middle" ${paint(theme, "text", "fill")}>`,
    `<text x="${pixels((left + right) / 2)}" y="${pixels(bottom + size * 3)}">${rateAxisInWords(data.curve.mode)}</text>`,
    `<text x="${lossTitleX}" y="${middle}" transform="rotate(-90 ${lossTitleX} ${middle})">training loss</text>`,
    `</g>`,
  ].join("");
}
