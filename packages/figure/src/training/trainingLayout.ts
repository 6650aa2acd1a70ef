import type { VerticalAxis } from "../axes/axis.js";
import { svgHeading, type HeadingLine } from "../svg/document.js";
import { svgLegend } from "../svg/legend.js";
import { horizontalAxisHeight, labelsWidth, type Panel } from "../svg/panel.js";
import { textWidth } from "../svg/text.js";
import { paint, type Theme } from "../svg/theme.js";
import { LOSS, RATE, type TrainingData, type TrainingPanel } from "./trainingData.js";
import { longestMoment, panelAxis } from "./trainingFrame.js";
import { trainingLegend } from "./trainingLegend.js";
import { captionOf } from "./trainingWords.js";

/** A panel with its place. */
export interface PlacedPanel {
  readonly content: TrainingPanel;
  readonly axis: VerticalAxis;
  readonly panel: Panel;
}

/** The parts of a drawing and their places, in pixels. */
export interface TrainingLayout {
  readonly heading: string;
  readonly panels: readonly PlacedPanel[];
  readonly height: number;
}

/** The usual height of a panel, and the least, in pixels. */
const [USUAL, LEAST] = [120, 40];

/** The height of a panel, relative to the usual one. */
export function shareOf({ name }: TrainingPanel): number {
  return name === LOSS ? 1.8 : name === RATE ? 0.7 : 1;
}

/**
 * Draws the heading and places the panels below it.
 *
 * @param given - The height; by default each panel gets its usual height. Panels never get less than 40 pixels.
 */
export function layOut(
  data: TrainingData,
  width: number,
  given: number | undefined,
  theme: Theme,
): TrainingLayout {
  const size = width < 560 ? 13 : 15;
  const edge = size;
  const lines: HeadingLine[] = [
    { text: data.title, size: size + 4, attributes: `font-weight="700" ${paint(theme, "text", "fill")}` },
    ...captionOf(data).map((text) => ({ text, size, attributes: paint(theme, "muted", "fill") })),
  ];
  const { parts, bottom } = svgHeading(lines, edge, width - 2 * edge);
  const box = { left: edge, right: width - edge, top: bottom + size * 0.3, size: size - 1 };
  const legend = svgLegend(trainingLegend(data), theme, box);
  const top = bottom + legend.height + size * 0.6;

  const titleHeight = size * 2;
  const shares = data.panels.map(shareOf);
  const fixed = top + data.panels.length * titleHeight + horizontalAxisHeight(size);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const unit = Math.max(LEAST / Math.min(...shares), given === undefined ? USUAL : (given - fixed) / total);
  const axes = data.panels.map(panelAxis);
  const left = edge + labelsWidth(axes, size) + size * 0.7;
  // The last label of the horizontal axis stands around the end of the axis.
  const right = width - Math.max(edge * 1.4, textWidth("0".repeat(longestMoment(data)), size) / 2 + 3);
  let y = top;
  const panels = data.panels.map((content, i): PlacedPanel => {
    const start = y + titleHeight;
    y = start + unit * (shares[i] ?? 1);
    const panel = { left, right, top: start, bottom: y, size };
    return { content, axis: axes[i] ?? panelAxis(content), panel };
  });
  const height = Math.ceil(y + horizontalAxisHeight(size));
  return { heading: [...parts, legend.svg].join("\n"), panels, height: Math.max(height, given ?? 0) };
}

/** About how many ticks the vertical axis of a panel has room for. */
export function tickCount({ top, bottom, size }: Panel): number {
  return Math.max(2, Math.min(5, Math.floor((bottom - top) / (size * 2))));
}

/** How many labels the horizontal axis of a panel has room for. */
export function roomFor(data: TrainingData, { left, right, size }: Panel): number {
  const label = textWidth("0".repeat(longestMoment(data)), size);
  return Math.floor((right - left) / (Math.max(label, size * 2) + size * 1.5));
}
