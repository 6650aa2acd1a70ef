import { counted } from "@fulmine/core/plugin";
import type { HtmlOptions, Theme } from "@fulmine/figure";
import {
  checkDrawing,
  formatLoss,
  formatRate,
  htmlPage,
  panelX,
  panelY,
  type PageContents,
  type PageDrawing,
} from "@fulmine/figure/plugin";
import type { Band, Curve } from "../../curve/curve.js";
import { lossChange } from "../../curve/gradient.js";
import { endInWords } from "../../explain/words.js";
import { titleOf, type FigureData } from "../figureData.js";
import { frameOf } from "../frame.js";
import { panelsOf, toSvg } from "../svg/toSvg.js";

/** The size of a drawing in SVG units; the page scales it. */
function sizeOf(
  { change = false }: FigureData,
  layout: "wide" | "narrow",
): { width: number; height: number } {
  if (layout === "wide") return { width: 880, height: change ? 680 : 480 };
  return { width: 400, height: change ? 500 : 340 };
}

/**
 * Converts a figure to a self-contained HTML page: the drawing, a readout that follows the pointer or the arrow keys, and a
 * table of the results. The page loads no other resources.
 */
export function toHtml(data: FigureData, options: HtmlOptions = {}): string {
  checkDrawing("toHtml", options, ["theme"]);
  const { theme = "auto" } = options;
  const changes = data.change === true ? lossChange(data.curve) : [];
  return htmlPage({
    ...{ title: titleOf(data), theme, ...tableOf(data) },
    ...{ wide: drawingOf(data, "wide", theme), narrow: drawingOf(data, "narrow", theme) },
    texts: data.curve.lr.map((_, i) => rungInWords(data.curve, i, changes[i])),
  });
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

/** A drawing, with the position of each rung; the height is null if the rung is above the panel. */
function drawingOf(data: FigureData, layout: "wide" | "narrow", theme: Theme): PageDrawing {
  const frame = frameOf(data);
  const { width, height } = sizeOf(data, layout);
  const { panel, second } = panelsOf(data, width, height);
  const places = data.curve.lr.map((lr, i): [number, number | null] => {
    const y = panelY(panel, frame.loss, data.curve.smoothed[i] ?? NaN);
    const isShown = y >= panel.top && y <= panel.bottom;
    return [panelX(panel, frame, lr), isShown ? y : null];
  });
  const svg = toSvg(data, { width, height, theme });
  return { svg, top: panel.top, bottom: (second ?? panel).bottom, places };
}

function tableOf({ curve, suggestion }: FigureData): Pick<PageContents, "summary" | "heads" | "rows"> {
  const { band } = curve;
  const hasHeldOut = curve.valLoss !== undefined;
  const rows = curve.lr.map((lr, i) => {
    const losses = [curve.loss[i] ?? NaN, curve.smoothed[i] ?? NaN].map((loss) => formatLoss(loss));
    // Rungs without a held-out score get an empty cell.
    const heldOut = hasHeldOut ? (curve.valLoss[i] ?? NaN) : NaN;
    if (hasHeldOut) losses.push(Number.isNaN(heldOut) ? "" : formatLoss(heldOut));
    const all = [i + 1, formatRate(lr, 4), ...losses];
    const cells = [...all, ...(band === undefined ? [] : [bandOf(band, i)])];
    return { cells, isPick: suggestion?.index === i };
  });
  const heads = ["step", "learning rate", "loss", "smoothed"];
  if (hasHeldOut) heads.push("held out");
  if (band !== undefined) heads.push(`band of ${band.sweeps}`);
  const summary = `All ${counted(curve.lr.length, "rate")} (${endInWords(curve.stopped)})`;
  return { summary, heads, rows };
}

function bandOf({ low, high }: Band, rung: number): string {
  return `${formatLoss(low[rung] ?? NaN)} to ${formatLoss(high[rung] ?? NaN)}`;
}
