import { escapeXml, pixels, wrap } from "./text.js";
import type { Panel } from "./panel.js";
import { paint, themeStyle, type Theme } from "./theme.js";

/** The size and the colours of an SVG. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** What is drawn for a panel. */
export interface SvgPart {
  readonly panel: Panel;
  /** The background, which may exceed the panel. */
  readonly back: string;
  /** The lines, which are clipped to the panel. */
  readonly lines: string;
}

/** The contents of an SVG. */
export interface SvgContents {
  readonly title: string;
  /** A text alternative for screen readers. */
  readonly description: string;
  readonly heading: string;
  readonly parts: readonly SvgPart[];
  /** What is drawn over the panels. */
  readonly front: readonly string[];
}

const FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif";

/** Puts an SVG together. It has a title and a description for screen readers. */
export function svgDocument(contents: SvgContents, { width, height, theme }: Sheet): string {
  const { title, description, heading, parts, front } = contents;
  // The ids must be unique on a page with several figures.
  const id = `fulmine-${checksum(parts.map(({ lines }) => lines).join(""))}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc" class="fulmine-${theme}" font-family="${FONTS}">`,
    `<title id="${id}-title">${escapeXml(title)}</title>`,
    `<desc id="${id}-desc">${escapeXml(description)}</desc>`,
    themeStyle(theme),
    ...parts.map(({ panel }, i) => `<clipPath id="${id}-panel${i}"><rect ${areaOf(panel)}/></clipPath>`),
    `<rect width="${width}" height="${height}" ${paint(theme, "surface", "fill")}/>`,
    heading,
    ...parts.map(({ back, lines }, i) => `${back}\n<g clip-path="url(#${id}-panel${i})">${lines}</g>`),
    ...front,
    `</svg>`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** A line of a heading. */
export interface HeadingLine {
  readonly text: string;
  /** The font size. */
  readonly size: number;
  readonly attributes: string;
}

/** The lines of a heading, wrapped to `room` pixels, and the height at which they end. */
export function svgHeading(
  lines: readonly HeadingLine[],
  edge: number,
  room: number,
): { readonly parts: string[]; readonly bottom: number } {
  const parts: string[] = [];
  let bottom = edge;
  for (const { text, size, attributes } of lines) {
    for (const words of wrap(text, room, size)) {
      bottom += size * 1.3;
      parts.push(
        `<text x="${edge}" y="${pixels(bottom - size * 0.3)}" font-size="${size}" ${attributes}>${escapeXml(words)}</text>`,
      );
    }
  }
  return { parts, bottom };
}

/** The attributes of the clipping area of a panel. */
function areaOf({ left, right, top, bottom }: Panel): string {
  return `x="${pixels(left - 4)}" y="${pixels(top)}" width="${pixels(right - left + 8)}" height="${pixels(bottom - top)}"`;
}

/** A short hash of a text (FNV-1a, 32 bits). */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
