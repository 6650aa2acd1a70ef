import { escapeXml } from "../svg/text.js";
import type { Theme } from "../svg/theme.js";
import { HOVER_SCRIPT, PAGE_STYLE } from "./pageParts.js";

/** A drawing of a page: for wide or for narrow windows, so that the text is readable in both. */
export interface PageDrawing {
  readonly svg: string;
  /** The top and the bottom of the panels, in SVG units. */
  readonly top: number;
  readonly bottom: number;
  /** The position of each point, in SVG units; the height is null if the point has no place in the panel. */
  readonly places: readonly (readonly [x: number, y: number | null])[];
}

/** The contents of a page. */
export interface PageContents {
  readonly title: string;
  readonly theme: Theme;
  readonly wide: PageDrawing;
  readonly narrow: PageDrawing;
  /** The readout of each point. */
  readonly texts: readonly string[];
  /** The heading of the table. */
  readonly summary: string;
  readonly heads: readonly string[];
  readonly rows: readonly TableRow[];
}

/** A row of the table of a page. */
export interface TableRow {
  readonly cells: readonly (string | number)[];
  /** Whether the row is marked. */
  readonly isPick: boolean;
}

/**
 * Makes a self-contained HTML page: the drawing, a readout that follows the pointer or the arrow keys, and a table of the
 * values. The page loads no other resources.
 */
export function htmlPage({ title, theme, wide, narrow, ...contents }: PageContents): string {
  return [
    `<!doctype html>`,
    `<html lang="en" class="theme-${theme}">`,
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    `</head>`,
    `<body>`,
    `<main>`,
    `<div id="figure" tabindex="0" role="group" aria-label="Read the curve with the arrow keys">`,
    `<div class="wide">${wide.svg}</div>`,
    `<div class="narrow">${narrow.svg}</div>`,
    `</div>`,
    `<output id="readout" aria-live="polite">Point at the curve or use the arrow keys to read its values.</output>`,
    tableOf(contents),
    `</main>`,
    `<script type="application/json" id="points">${pointsAsJson(contents.texts, [wide, narrow])}</script>`,
    `<script>${HOVER_SCRIPT}</script>`,
    `</body>`,
    `</html>`,
    ``,
  ].join("\n");
}

function pointsAsJson(texts: readonly string[], drawings: readonly PageDrawing[]): string {
  const places = drawings.map(({ top, bottom, places }) => ({
    ...{ top: round(top), bottom: round(bottom) },
    places: places.map(([x, y]) => [round(x), y === null ? null : round(y)]),
  }));
  // "</script>" in the data would end the script element.
  return JSON.stringify({ texts, drawings: places }).replaceAll("<", "\\u003c");
}

function tableOf({ summary, heads, rows }: Pick<PageContents, "summary" | "heads" | "rows">): string {
  return [
    `<details>`,
    `<summary>${escapeXml(summary)}</summary>`,
    `<table>`,
    `<thead><tr>${heads.map((head) => `<th scope="col">${escapeXml(head)}</th>`).join("")}</tr></thead>`,
    `<tbody>`,
    ...rows.map(
      ({ cells, isPick }) =>
        `<tr${isPick ? ` class="pick"` : ""}>${cells.map((cell) => `<td>${escapeXml(String(cell))}</td>`).join("")}</tr>`,
    ),
    `</tbody>`,
    `</table>`,
    `</details>`,
  ].join("\n");
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}
