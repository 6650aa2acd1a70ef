import type { SvgOptions, Theme } from "@fulmine/figure";
import {
  checkDrawing,
  horizontalAxisHeight,
  paint,
  svgDocument,
  svgGrid,
  svgHeading,
  svgHorizontalAxis,
  svgLegend,
  svgVerticalTitle,
  textWidth,
  verticalAxisWidth,
  type HeadingLine,
  type HorizontalTicks,
  type Panel,
  type VerticalAxis,
} from "@fulmine/figure/plugin";
import { rangeInWords, suggestionInWords } from "../../explain/words.js";
import { figureInWords, titleOf, type FigureData } from "../figureData.js";
import { frameOf, type Frame } from "../frame.js";
import type { Drawing } from "./drawing.js";
import { legendOf } from "./legend.js";
import { svgChanges, svgLosses } from "./lines.js";
import { svgBackdrop, svgPicks, svgTrials } from "./marks.js";

/**
 * Draws a figure as SVG: the loss against the learning rate, the suggested rate with its usable range, and the rate at which
 * the sweep stopped. An optional second panel shows the slope of the loss.
 *
 * The function needs no document, so that the result is the same in Node and in browsers. The SVG has a title and a
 * description for screen readers. It is 720 pixels wide by default, and 420 high, or 600 with a second panel.
 */
export function toSvg(data: FigureData, options: SvgOptions = {}): string {
  checkDrawing("toSvg", options, ["width", "height", "theme"]);
  const { width = 720, theme = "light" } = options;
  const height = options.height ?? (data.change === true ? 600 : 420);
  const frame = frameOf(data);
  const { heading, panel, second } = layOut(data, width, height, theme);
  const drawing = { frame, panel, theme };
  const part = (axis: VerticalAxis, on: Drawing, lines: string) => ({
    panel: on.panel,
    back: svgBackdrop(data, on) + svgPanel(axis, on),
    lines,
  });
  const parts = [part(frame.loss, drawing, svgLosses(data, drawing) + svgTrials(data, drawing))];
  if (frame.change !== null && second !== null) {
    const below = { frame, panel: second, theme };
    parts.push(part(frame.change, below, svgChanges(data, frame.change, below)));
  }
  const lowest = second ?? panel;
  const front = [
    svgHorizontalAxis(ratesOf(frame, lowest), frame, lowest, theme),
    svgPicks(data, drawing, lowest.bottom),
  ];
  const contents = { title: titleOf(data), description: figureInWords(data), heading, parts, front };
  return svgDocument(contents, { width, height, theme });
}

/** The grid of a panel, and its vertical axis. */
function svgPanel(axis: VerticalAxis, { frame, panel, theme }: Drawing): string {
  const width = verticalAxisWidth(axesOf(frame), panel.size);
  return (
    svgGrid(ratesOf(frame, panel), frame, axis, panel, theme) +
    svgVerticalTitle(axis.title, panel, width, theme)
  );
}

function axesOf({ loss, change }: Frame): VerticalAxis[] {
  return change === null ? [loss] : [loss, change];
}

function ratesOf(frame: Frame, { left, right, size }: Panel): HorizontalTicks {
  return frame.ticks(Math.floor((right - left) / (size * 4)));
}

/**
 * The panels of a figure of a given size: {@link toSvg} draws in them, and the HTML page maps the pointer to them.
 */
export function panelsOf(data: FigureData, width: number, height: number): Pick<Layout, "panel" | "second"> {
  return layOut(data, width, height, "light");
}

interface Layout {
  readonly heading: string;
  /** The panel of the losses. */
  readonly panel: Panel;
  /** The panel of the slopes; null if there is none. */
  readonly second: Panel | null;
}

/** The height of the first panel as a part of the height of both. */
const FIRST_PART = 0.62;

/** Draws the heading and places the panels below it. */
function layOut(data: FigureData, width: number, height: number, theme: Theme): Layout {
  const size = width < 560 ? 13 : 15;
  const edge = size;
  const room = width - 2 * edge;
  const lines: HeadingLine[] = [
    { text: titleOf(data), size: size + 4, attributes: `font-weight="700" ${paint(theme, "text", "fill")}` },
  ];
  if (data.suggestion) {
    const words = [suggestionInWords(data.suggestion), rangeInWords(data.suggestion)].filter(
      (each) => each !== null,
    );
    const line = words.join(", ");
    // Two short lines are easier to read than one line with a break.
    for (const text of textWidth(line, size) <= room ? [line] : words)
      lines.push({ text, size, attributes: paint(theme, "muted", "fill") });
  }
  const { parts, bottom: y } = svgHeading(lines, edge, room);
  const legend = svgLegend(legendOf(data), theme, {
    left: edge,
    right: width - edge,
    top: y + size * 0.3,
    size: size - 1,
  });
  const top = y + legend.height + size * 2.1;
  const bottom = height - horizontalAxisHeight(size);
  const axisWidth = verticalAxisWidth(axesOf(frameOf(data)), size);
  const sides = { left: edge + axisWidth, right: width - edge * 1.4, size };
  const heading = [...parts, legend.svg].join("\n");
  if (data.change !== true) return { heading, panel: { ...sides, top, bottom }, second: null };
  const gap = size * 1.2;
  const middle = top + FIRST_PART * (bottom - top - gap);
  return {
    heading,
    panel: { ...sides, top, bottom: middle },
    second: { ...sides, top: middle + gap, bottom },
  };
}
