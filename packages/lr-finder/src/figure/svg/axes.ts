import { rateAxisInWords, type FigureData } from "../figureData.js";
import type { Frame, VerticalAxis } from "../frame.js";
import { paint, type Theme } from "../theme.js";
import { pixels, textWidth } from "./text.js";

/** The area of a plot in an SVG, in pixels. */
export interface Panel {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The font size. */
  readonly size: number;
}

/** The context for drawing in a panel. */
export interface Drawing {
  readonly frame: Frame;
  readonly panel: Panel;
  readonly theme: Theme;
}

/** The horizontal position of a rate in a panel, in pixels. */
export function panelX(panel: Panel, frame: Frame, lr: number): number {
  return panel.left + frame.across(lr) * (panel.right - panel.left);
}

/** The vertical position of a value in a panel, in pixels, clamped to a small distance outside the panel. */
export function panelY(panel: Panel, axis: VerticalAxis, value: number): number {
  const up = Math.max(-1, Math.min(2, axis.up(value)));
  return panel.bottom - up * (panel.bottom - panel.top);
}

/** The width of the labels and the title of the vertical axes, in pixels. */
export function verticalAxisWidth({ loss, change }: Frame, size: number): number {
  const ticks = [...loss.ticks(LOSS_TICKS), ...(change?.ticks(LOSS_TICKS) ?? [])];
  return Math.max(0, ...ticks.map(({ label }) => textWidth(label, size))) + size * 2.5;
}

/** The height of the labels and the title of the rate axis, in pixels. */
export function rateAxisHeight(size: number): number {
  return size * 3.8;
}

const LOSS_TICKS = 5;

/** The grid of a panel, its vertical axis and its bottom line. */
export function svgPanel(frame: Frame, axis: VerticalAxis, panel: Panel, theme: Theme): string {
  const { left, right, top, bottom, size } = panel;
  const ticks = axis.ticks(LOSS_TICKS);
  const height = (value: number): string => pixels(panelY(panel, axis, value));
  const gridLines = [
    ...ticks.map(({ value }) => `M${pixels(left)},${height(value)}H${pixels(right)}`),
    ...ratesOf(frame, panel).major.map(
      ({ value }) => `M${pixels(panelX(panel, frame, value))},${pixels(top)}V${pixels(bottom)}`,
    ),
  ].join("");
  const labels = ticks.map(
    ({ value, label }) =>
      `<text x="${pixels(left - size * 0.55)}" y="${pixels(panelY(panel, axis, value) + size * 0.35)}" text-anchor="end">${label}</text>`,
  );
  const middle = pixels((top + bottom) / 2);
  const titleX = pixels(left - verticalAxisWidth(frame, size) + size * 0.9);
  return [
    `<path d="${gridLines}" stroke-width="1" ${paint(theme, "grid", "stroke")}/>`,
    `<path d="M${pixels(left)},${pixels(bottom)}H${pixels(right)}" stroke-width="1" ${paint(theme, "axis", "stroke")}/>`,
    `<g font-size="${size}" ${paint(theme, "muted", "fill")}>${labels.join("")}</g>`,
    `<text x="${titleX}" y="${middle}" font-size="${size}" text-anchor="middle" transform="rotate(-90 ${titleX} ${middle})" ${paint(theme, "text", "fill")}>${axis.title}</text>`,
  ].join("");
}

/** The ticks, labels and title of the rate axis below a panel. */
export function svgRateAxis(data: FigureData, frame: Frame, panel: Panel, theme: Theme): string {
  const { left, right, bottom, size } = panel;
  const { major, minor } = ratesOf(frame, panel);
  const at = (lr: number): string => pixels(panelX(panel, frame, lr));
  const tickLines = [
    ...major.map(({ value }) => `M${at(value)},${pixels(bottom)}v${pixels(size * 0.4)}`),
    ...minor.map((value) => `M${at(value)},${pixels(bottom)}v${pixels(size * 0.22)}`),
  ].join("");
  const labels = major.map(
    ({ value, label }) =>
      `<text x="${at(value)}" y="${pixels(bottom + size * 1.55)}" text-anchor="middle">${label}</text>`,
  );
  return [
    `<path d="${tickLines}" stroke-width="1" ${paint(theme, "axis", "stroke")}/>`,
    `<g font-size="${size}" ${paint(theme, "muted", "fill")}>${labels.join("")}</g>`,
    `<text x="${pixels((left + right) / 2)}" y="${pixels(bottom + size * 3)}" font-size="${size}" text-anchor="middle" ${paint(theme, "text", "fill")}>${rateAxisInWords(data)}</text>`,
  ].join("");
}

function ratesOf(frame: Frame, { left, right, size }: Panel): ReturnType<Frame["lrTicks"]> {
  return frame.lrTicks(Math.floor((right - left) / (size * 4)));
}
