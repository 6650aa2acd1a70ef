import type { Band } from "../curve.js";
import { escapeXml } from "./escapeXml.js";
import type { FigureData } from "./figureData.js";
import { formatLoss } from "./formatLoss.js";
import { formatRate } from "./formatRate.js";
import { frameOf } from "./frame.js";
import { HOVER_SCRIPT, PAGE_STYLE } from "./page.js";
import { panelX, panelY } from "./svgAxes.js";
import { panelsOf, toSvg, type SvgOptions } from "./toSvg.js";
import { endInWords, titleOf } from "./words.js";

/** How a page is made. */
export type HtmlOptions = Omit<SvgOptions, "width" | "height">;

/** The size of the figure on the page, in its own units; the page stretches it. */
const WIDTH = 880;
const heightOf = ({ change }: FigureData): number => (change === true ? 680 : 480);

/**
 * Makes a page of a figure that needs nothing else: the drawing, a read-out that follows the pointer or the
 * arrow keys, and the table of results. Nothing is loaded from anywhere.
 *
 * @param options - its theme follows the reader's system unless one is given.
 */
export function toHtml(data: FigureData, options: HtmlOptions = {}): string {
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
    toSvg(data, { width: WIDTH, height: heightOf(data), theme }),
    `</div>`,
    `<output id="readout" aria-live="polite">Point at the curve, or use the arrow keys, to read it.</output>`,
    tableOf(data),
    `</main>`,
    `<script type="application/json" id="rungs">${rungsAsJson(data)}</script>`,
    `<script>${HOVER_SCRIPT}</script>`,
    `</body>`,
    `</html>`,
    ``,
  ].join("\n");
}

/** Where each rung stands in the drawing and what the read-out says of it; null for one that was cut off. */
function rungsAsJson(data: FigureData): string {
  const { curve } = data;
  const frame = frameOf(data);
  const { panel, second } = panelsOf(data, WIDTH, heightOf(data));
  const rungs = curve.lr.map((lr, i) => {
    const loss = curve.loss[i] ?? NaN;
    const smoothed = curve.smoothed[i] ?? NaN;
    const heldOut = curve.valLoss?.[i] ?? NaN;
    const said = [`lr ${formatRate(lr, 3)}`, `loss ${formatLoss(loss)}`, `smoothed ${formatLoss(smoothed)}`];
    if (Number.isFinite(heldOut)) said.push(`held out ${formatLoss(heldOut)}`);
    if (curve.band !== undefined) said.push(`band ${bandOf(curve.band, i)}`);
    const y = panelY(panel, frame.loss, smoothed);
    const isShown = y >= panel.top && y <= panel.bottom;
    return { x: round(panelX(panel, frame, lr)), y: isShown ? round(y) : null, text: said.join(" · ") };
  });
  const json = JSON.stringify({ rungs, top: round(panel.top), bottom: round((second ?? panel).bottom) });
  // "</script>" in the data would end the element.
  return json.replaceAll("<", "\\u003c");
}

function tableOf({ curve, suggestion }: FigureData): string {
  const { band } = curve;
  const hasHeldOut = curve.valLoss !== undefined;
  const rows = curve.lr.map((lr, i) => {
    const losses = [curve.loss[i] ?? NaN, curve.smoothed[i] ?? NaN];
    if (hasHeldOut) losses.push(curve.valLoss[i] ?? NaN);
    const all = [i + 1, formatRate(lr, 4), ...losses.map((loss) => formatLoss(loss))];
    const cells = [...all, ...(band === undefined ? [] : [bandOf(band, i)])].map(
      (cell) => `<td>${cell}</td>`,
    );
    const isPick = suggestion?.index === i;
    return `<tr${isPick ? ` class="pick"` : ""}>${cells.join("")}</tr>`;
  });
  const heads = ["rung", "learning rate", "loss", "smoothed"];
  if (hasHeldOut) heads.push("held out");
  if (band !== undefined) heads.push(`band of ${band.sweeps}`);
  return [
    `<details>`,
    `<summary>All ${curve.lr.length} rungs (${endInWords(curve.stopped)})</summary>`,
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
