import { drawnTrials, type FigureData } from "./figureData.js";
import { pixels } from "./pixels.js";
import { panelX, panelY } from "./svgAxes.js";
import type { Drawing } from "./svgMarks.js";
import { paint, type Theme } from "./theme.js";

/** The trials at constant rates: a ring at the loss that each came to, at the upper edge where it was given up. */
export function svgTrials(data: FigureData, { frame, panel, theme }: Drawing): string {
  const radius = panel.size * 0.3;
  const rings = drawnTrials(data).map(({ lr, score }) => {
    const y = panelY(panel, frame.loss, score);
    return svgRing(theme, panelX(panel, frame, lr), Math.max(panel.top + radius + 1, y), radius);
  });
  return rings.join("");
}

/** A ring, as trials and their entry in the legend have it. */
export function svgRing(theme: Theme, x: number, y: number, radius: number): string {
  const place = `cx="${pixels(x)}" cy="${pixels(y)}"`;
  return `<circle ${place} r="${pixels(radius)}" ${paint(theme, "surface", "fill")}/><circle ${place} r="${pixels(radius)}" stroke-width="2" ${paint(theme, "text", "stroke")}/>`;
}
