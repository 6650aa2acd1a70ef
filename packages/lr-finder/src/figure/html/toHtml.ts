import { counted } from "@fulmine/core/plugin";
import type { Band, Curve } from "../../curve/curve.js";
import { lossChange } from "../../curve/gradient.js";
import { endInWords, formatLoss, formatRate } from "../../explain/words.js";
import { checkDrawing } from "../checkDrawing.js";
import { titleOf, type FigureData } from "../figureData.js";
import { frameOf } from "../frame.js";
import { panelX, panelY } from "../svg/axes.js";
import { escapeXml } from "../svg/text.js";
import { panelsOf, toSvg } from "../svg/toSvg.js";
import type { Theme } from "../theme.js";
import { HOVER_SCRIPT, PAGE_STYLE } from "./page.js";

/** The options of {@link toHtml}. */
export interface HtmlOptions {
  /** The colours. @defaultValue "auto" */
  readonly theme?: Theme;
}

/** The page contains two drawings, for wide and for narrow windows, so that the text is readable in both. */
const LAYOUTS = ["wide", "narrow"] as const;
type LayoutName = (typeof LAYOUTS)[number];

/** The size of a drawing in SVG units; the page scales it. */
function sizeOf({ change = false }: FigureData, layout: LayoutName): { width: number; height: number } {
  if (layout === "wide") return { width: 880, height: change ? 680 : 480 };
  return { width: 400, height: change ? 500 : 340 };
}

/**
 * Converts a figure to a self-contained HTML page: the drawing, a readout that follows the pointer or the arrow keys, and a
 * table of the results. The page loads no other resources.
 */
export function toHtml(data: FigureData, options: HtmlOptions = {}): string {
  checkDrawing("toHtml", options, ["theme"]);
  const theme = options.theme ?? "auto";
  const title = escapeXml(titleOf(data));
  return [
    `<!doctype html>`,
    `<html lang="en" class="theme-${theme}">`,
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${title}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    `</head>`,
    `<body>`,
    `<main>`,
    `<div id="figure" tabindex="0" role="group" aria-label="Read the curve with the arrow keys">`,
    ...LAYOUTS.map(
      (layout) => `<div class="${layout}">${toSvg(data, { ...sizeOf(data, layout), theme })}</div>`,
    ),
    `</div>`,
    `<output id="readout" aria-live="polite">Point at the curve or use the arrow keys to read its values.</output>`,
    tableOf(data),
    `</main>`,
    `<script type="application/json" id="rungs">${rungsAsJson(data)}</script>`,
    `<script>${HOVER_SCRIPT}</script>`,
    `</body>`,
    `</html>`,
    ``,
  ].join("\n");
}

/** The readout of each rung and its positions in the drawings; the height is null if the rung is above the panel. */
function rungsAsJson(data: FigureData): string {
  const changes = data.change === true ? lossChange(data.curve) : [];
  const texts = data.curve.lr.map((_, i) => rungInWords(data.curve, i, changes[i]));
  const json = JSON.stringify({ texts, drawings: LAYOUTS.map((layout) => placesOf(data, layout)) });
  // "</script>" in the data would end the script element.
  return json.replaceAll("<", "\\u003c");
}

function rungInWords({ lr, loss, smoothed, valLoss, band }: Curve, i: number, change = NaN): string {
  const heldOut = valLoss?.[i] ?? NaN;
  return [
    `lr ${formatRate(lr[i] ?? NaN, 3)}`,
    `loss ${formatLoss(loss[i] ?? NaN)}`,
    `smoothed ${formatLoss(smoothed[i] ?? NaN)}`,
    ...(Number.isFinite(heldOut) ? [`held out ${formatLoss(heldOut)}`] : []),
    ...(band === undefined ? [] : [`band ${bandOf(band, i)}`]),
    ...(Number.isFinite(change) ? [`change ${formatLoss(change, 3)}`] : []),
  ].join(" · ");
}

function placesOf(data: FigureData, layout: LayoutName): Record<string, unknown> {
  const frame = frameOf(data);
  const { width, height } = sizeOf(data, layout);
  const { panel, second } = panelsOf(data, width, height);
  const places = data.curve.lr.map((lr, i) => {
    const y = panelY(panel, frame.loss, data.curve.smoothed[i] ?? NaN);
    const isShown = y >= panel.top && y <= panel.bottom;
    return [round(panelX(panel, frame, lr)), isShown ? round(y) : null];
  });
  return { top: round(panel.top), bottom: round((second ?? panel).bottom), places };
}

function tableOf({ curve, suggestion }: FigureData): string {
  const { band } = curve;
  const hasHeldOut = curve.valLoss !== undefined;
  const rows = curve.lr.map((lr, i) => {
    const losses = [curve.loss[i] ?? NaN, curve.smoothed[i] ?? NaN].map((loss) => formatLoss(loss));
    // Rungs without a held-out score get an empty cell.
    const heldOut = hasHeldOut ? (curve.valLoss[i] ?? NaN) : NaN;
    if (hasHeldOut) losses.push(Number.isNaN(heldOut) ? "" : formatLoss(heldOut));
    const all = [i + 1, formatRate(lr, 4), ...losses];
    const cells = [...all, ...(band === undefined ? [] : [bandOf(band, i)])].map(
      (cell) => `<td>${cell}</td>`,
    );
    const isPick = suggestion?.index === i;
    return `<tr${isPick ? ` class="pick"` : ""}>${cells.join("")}</tr>`;
  });
  const heads = ["step", "learning rate", "loss", "smoothed"];
  if (hasHeldOut) heads.push("held out");
  if (band !== undefined) heads.push(`band of ${band.sweeps}`);
  return [
    `<details>`,
    `<summary>All ${counted(curve.lr.length, "rate")} (${endInWords(curve.stopped)})</summary>`,
    `<table>`,
    `<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead>`,
    `<tbody>`,
    ...rows,
    `</tbody>`,
    `</table>`,
    `</details>`,
  ].join("\n");
}

function bandOf({ low, high }: Band, rung: number): string {
  return `${formatLoss(low[rung] ?? NaN)} to ${formatLoss(high[rung] ?? NaN)}`;
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}
