import type { HorizontalAxis, HorizontalTicks, VerticalAxis } from "../axes/axis.js";
import { pixels, textWidth } from "./text.js";
import { paint, type Theme } from "./theme.js";

/** The area of a plot in an SVG, in pixels. */
export interface Panel {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The font size. */
  readonly size: number;
}

/** The horizontal position of a value in a panel, in pixels. */
export function panelX(panel: Panel, axis: Pick<HorizontalAxis, "across">, value: number): number {
  return panel.left + axis.across(value) * (panel.right - panel.left);
}

/** The vertical position of a value in a panel, in pixels, clamped to a small distance outside the panel. */
export function panelY(panel: Panel, axis: VerticalAxis, value: number): number {
  const up = Math.max(-1, Math.min(2, axis.up(value)));
  return panel.bottom - up * (panel.bottom - panel.top);
}

/** About how many ticks a vertical axis has. */
const TICKS = 5;

/** The width of the labels of vertical axes, in pixels. */
export function labelsWidth(axes: readonly VerticalAxis[], size: number, count = TICKS): number {
  const ticks = axes.flatMap((axis) => axis.ticks(count));
  return Math.max(0, ...ticks.map(({ label }) => textWidth(label, size)));
}

/** The width of the labels and the title of vertical axes, in pixels. */
export function verticalAxisWidth(axes: readonly VerticalAxis[], size: number): number {
  return labelsWidth(axes, size) + size * 2.5;
}

/** The height of the labels and the title of a horizontal axis, in pixels. */
export function horizontalAxisHeight(size: number): number {
  return size * 3.8;
}

/** The grid of a panel, the labels of its vertical axis and its bottom line. */
export function svgGrid(
  { major }: HorizontalTicks,
  horizontal: Pick<HorizontalAxis, "across">,
  axis: VerticalAxis,
  panel: Panel,
  theme: Theme,
  count = TICKS,
): string {
  const { left, right, top, bottom, size } = panel;
  const ticks = axis.ticks(count);
  const height = (value: number): string => pixels(panelY(panel, axis, value));
  const gridLines = [
    ...ticks.map(({ value }) => `M${pixels(left)},${height(value)}H${pixels(right)}`),
    ...major.map(
      ({ value }) => `M${pixels(panelX(panel, horizontal, value))},${pixels(top)}V${pixels(bottom)}`,
    ),
  ].join("");
  const labels = ticks.map(
    ({ value, label }) =>
      `<text x="${pixels(left - size * 0.55)}" y="${pixels(panelY(panel, axis, value) + size * 0.35)}" text-anchor="end">${label}</text>`,
  );
  return [
    `<path d="${gridLines}" stroke-width="1" ${paint(theme, "grid", "stroke")}/>`,
    `<path d="M${pixels(left)},${pixels(bottom)}H${pixels(right)}" stroke-width="1" ${paint(theme, "axis", "stroke")}/>`,
    `<g font-size="${size}" ${paint(theme, "muted", "fill")}>${labels.join("")}</g>`,
  ].join("");
}

/** The title of a vertical axis, at its left and turned. */
export function svgVerticalTitle(
  title: string,
  { top, bottom, left, size }: Panel,
  width: number,
  theme: Theme,
): string {
  const middle = pixels((top + bottom) / 2);
  const x = pixels(left - width + size * 0.9);
  return `<text x="${x}" y="${middle}" font-size="${size}" text-anchor="middle" transform="rotate(-90 ${x} ${middle})" ${paint(theme, "text", "fill")}>${title}</text>`;
}

/** The ticks, labels and title of a horizontal axis below a panel. */
export function svgHorizontalAxis(
  { major, minor }: HorizontalTicks,
  axis: HorizontalAxis,
  panel: Panel,
  theme: Theme,
): string {
  const { left, right, bottom, size } = panel;
  const at = (value: number): string => pixels(panelX(panel, axis, value));
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
    `<text x="${pixels((left + right) / 2)}" y="${pixels(bottom + size * 3)}" font-size="${size}" text-anchor="middle" ${paint(theme, "text", "fill")}>${axis.title}</text>`,
  ].join("");
}
