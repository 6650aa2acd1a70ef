import { escapeXml } from "./escapeXml.js";
import type { FigureData } from "./figureData.js";
import { frameOf } from "./frame.js";
import { pixels } from "./pixels.js";
import { lossAxisWidth, rateAxisHeight, svgAxes, type Panel } from "./svgAxes.js";
import { svgLegend } from "./svgLegend.js";
import { svgBackdrop, svgCurve, svgPick } from "./svgMarks.js";
import { textWidth, wrap } from "./textWidth.js";
import { paint, themeStyle, type Theme } from "./theme.js";
import { figureInWords, rangeInWords, suggestionInWords, titleOf } from "./words.js";

/** How an SVG figure is drawn. */
export interface SvgOptions {
  /** In pixels. @defaultValue 720 */
  readonly width?: number;
  /** In pixels. @defaultValue 420 */
  readonly height?: number;
  /** Its colours. @defaultValue "light" */
  readonly theme?: Theme;
}

const FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif";

/**
 * Draws a figure as SVG: the loss against the learning rate, with the pick, its range and where the sweep
 * stopped.
 *
 * The text is made without a document, so it is the same in Node and in a browser, and the same for the same
 * data. It carries a title and a description for readers who can't see it.
 */
export function toSvg(data: FigureData, options: SvgOptions = {}): string {
  const { width = 720, height = 420, theme = "light" } = options;
  const frame = frameOf(data.curve);
  const { svg: heading, panel } = layOut(data, width, height, theme);
  const body = [
    svgBackdrop(data, frame, panel, theme),
    svgAxes(data, frame, panel, theme),
    svgCurve(data, frame, panel, theme),
  ];
  // The ids must not meet those of another figure on the same page.
  const id = `fulmine-${checksum(body.join(""))}`;
  const [backdrop, axes, curve] = body;
  const area = `x="${pixels(panel.left - 4)}" y="${pixels(panel.top)}" width="${pixels(panel.right - panel.left + 8)}" height="${pixels(panel.bottom - panel.top)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc" class="fulmine-${theme}" font-family="${FONTS}">`,
    `<title id="${id}-title">${escapeXml(titleOf(data))}</title>`,
    `<desc id="${id}-desc">${escapeXml(figureInWords(data))}</desc>`,
    themeStyle(theme),
    `<clipPath id="${id}-panel"><rect ${area}/></clipPath>`,
    `<rect width="${width}" height="${height}" ${paint(theme, "surface", "fill")}/>`,
    heading,
    backdrop,
    axes,
    `<g clip-path="url(#${id}-panel)">${curve}</g>`,
    svgPick(data, frame, panel, theme),
    `</svg>`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/**
 * Where the panel of a figure of this size lies: {@link toSvg} draws into it, and a pointer can be traced
 * back to it.
 */
export function panelOf(data: FigureData, options: SvgOptions = {}): Panel {
  const { width = 720, height = 420, theme = "light" } = options;
  return layOut(data, width, height, theme).panel;
}

/** The heading, and what room it leaves for the panel. */
function layOut(
  data: FigureData,
  width: number,
  height: number,
  theme: Theme,
): { svg: string; panel: Panel } {
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
    const said = [suggestionInWords(data.suggestion), rangeInWords(data.suggestion)].filter(
      (words) => words !== null,
    );
    const line = said.join(", ");
    // Two short lines read better than one that is broken anywhere.
    for (const words of textWidth(line, size) <= room ? [line] : said) {
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
  const panel = {
    left: edge + lossAxisWidth(frameOf(data.curve), size),
    right: width - edge * 1.4,
    top: y + legend.height + size * 2.1,
    bottom: height - rateAxisHeight(size),
    size,
  };
  return { svg: parts.join("\n"), panel };
}

/** A short number that differs between different texts (FNV-1a, 32 bits). */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
