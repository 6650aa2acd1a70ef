import { rangeInWords, suggestionInWords } from "../../explain/words.js";
import { checkDrawing } from "../checkDrawing.js";
import { figureInWords, titleOf, type FigureData } from "../figureData.js";
import { frameOf, type VerticalAxis } from "../frame.js";
import { paint, themeStyle, type Theme } from "../theme.js";
import {
  rateAxisHeight,
  svgPanel,
  svgRateAxis,
  verticalAxisWidth,
  type Drawing,
  type Panel,
} from "./axes.js";
import { svgLegend } from "./legend.js";
import { svgChanges, svgLosses } from "./lines.js";
import { svgBackdrop, svgPicks, svgTrials } from "./marks.js";
import { escapeXml, pixels, textWidth, wrap } from "./text.js";

/** The options of {@link toSvg}. */
export interface SvgOptions {
  /** The width in pixels. @defaultValue 720 */
  readonly width?: number;
  /** The height in pixels. @defaultValue 420, or 600 with a second panel */
  readonly height?: number;
  /** The colours. @defaultValue "light" */
  readonly theme?: Theme;
}

const FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif";

/**
 * Draws a figure as SVG: the loss against the learning rate, the suggested rate with its usable range, and the rate at which
 * the sweep stopped. An optional second panel shows the slope of the loss.
 *
 * The function needs no document, so that the result is the same in Node and in browsers. The SVG has a title and a
 * description for screen readers.
 */
export function toSvg(data: FigureData, options: SvgOptions = {}): string {
  checkDrawing("toSvg", options, ["width", "height", "theme"]);
  const { width = 720, theme = "light" } = options;
  const height = options.height ?? (data.change === true ? 600 : 420);
  const frame = frameOf(data);
  const { svg: heading, panel, second } = layOut(data, width, height, theme);
  const drawing = { frame, panel, theme };
  const parts = [svgPart(data, frame.loss, drawing, svgLosses(data, drawing) + svgTrials(data, drawing))];
  if (frame.change !== null && second !== null) {
    const below = { frame, panel: second, theme };
    parts.push(svgPart(data, frame.change, below, svgChanges(data, frame.change, below)));
  }
  const lowest = second ?? panel;
  // The ids must be unique on a page with several figures.
  const id = `fulmine-${checksum(parts.map(({ svg }) => svg).join(""))}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc" class="fulmine-${theme}" font-family="${FONTS}">`,
    `<title id="${id}-title">${escapeXml(titleOf(data))}</title>`,
    `<desc id="${id}-desc">${escapeXml(figureInWords(data))}</desc>`,
    themeStyle(theme),
    ...parts.map(({ area }, i) => `<clipPath id="${id}-panel${i}"><rect ${area}/></clipPath>`),
    `<rect width="${width}" height="${height}" ${paint(theme, "surface", "fill")}/>`,
    heading,
    ...parts.map(({ back, svg }, i) => `${back}\n<g clip-path="url(#${id}-panel${i})">${svg}</g>`),
    svgRateAxis(data, frame, lowest, theme),
    svgPicks(data, drawing, lowest.bottom),
    `</svg>`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** The parts of a panel: its background, its lines, and the attributes of its clipping area. */
function svgPart(
  data: FigureData,
  axis: VerticalAxis,
  drawing: Drawing,
  svg: string,
): Record<"back" | "svg" | "area", string> {
  const { frame, panel, theme } = drawing;
  const { left, right, top, bottom } = panel;
  return {
    back: svgBackdrop(data, drawing) + svgPanel(frame, axis, panel, theme),
    svg,
    area: `x="${pixels(left - 4)}" y="${pixels(top)}" width="${pixels(right - left + 8)}" height="${pixels(bottom - top)}"`,
  };
}

/**
 * The panels of a figure of a given size: {@link toSvg} draws in them, and the HTML page maps the pointer to them.
 */
export function panelsOf(data: FigureData, width: number, height: number): Pick<Layout, "panel" | "second"> {
  return layOut(data, width, height, "light");
}

interface Layout {
  readonly svg: string;
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
  const parts: string[] = [];
  let y = edge;
  const write = (text: string, textSize: number, attributes: string): void => {
    for (const words of wrap(text, room, textSize)) {
      y += textSize * 1.3;
      parts.push(
        `<text x="${edge}" y="${pixels(y - textSize * 0.3)}" font-size="${textSize}" ${attributes}>${escapeXml(words)}</text>`,
      );
    }
  };
  write(titleOf(data), size + 4, `font-weight="700" ${paint(theme, "text", "fill")}`);
  if (data.suggestion) {
    const lines = [suggestionInWords(data.suggestion), rangeInWords(data.suggestion)].filter(
      (words) => words !== null,
    );
    const line = lines.join(", ");
    // Two short lines are easier to read than one line with a break.
    for (const words of textWidth(line, size) <= room ? [line] : lines) {
      write(words, size, paint(theme, "muted", "fill"));
    }
  }
  const legend = svgLegend(data, theme, {
    left: edge,
    right: width - edge,
    top: y + size * 0.3,
    size: size - 1,
  });
  parts.push(legend.svg);
  const top = y + legend.height + size * 2.1;
  const bottom = height - rateAxisHeight(size);
  const sides = { left: edge + verticalAxisWidth(frameOf(data), size), right: width - edge * 1.4, size };
  const svg = parts.join("\n");
  if (data.change !== true) return { svg, panel: { ...sides, top, bottom }, second: null };
  const gap = size * 1.2;
  const middle = top + FIRST_PART * (bottom - top - gap);
  return {
    svg,
    panel: { ...sides, top, bottom: middle },
    second: { ...sides, top: middle + gap, bottom },
  };
}

/** A short hash of a text (FNV-1a, 32 bits). */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
