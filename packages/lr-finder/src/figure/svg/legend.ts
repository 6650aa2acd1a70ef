import { drawnTrials, type FigureData } from "../figureData.js";
import { overlayRole, paint, type Role, type Theme } from "../theme.js";
import { svgRing } from "./marks.js";
import { escapeXml, pixels, textWidth } from "./text.js";

interface Entry {
  readonly role: Role;
  readonly label: string;
  readonly mark: "thin" | "bold" | "area" | "dashes" | "ring";
}

/** Draws the legend of a figure: rows of symbols with names, between `left` and `right`. */
export function svgLegend(
  data: FigureData,
  theme: Theme,
  box: { readonly left: number; readonly right: number; readonly top: number; readonly size: number },
): { readonly svg: string; readonly height: number } {
  const { left, right, top, size } = box;
  const rowHeight = size * 1.5;
  const parts: string[] = [];
  let x = left;
  let y = top + rowHeight / 2;
  for (const entry of entriesOf(data)) {
    const swatch = entry.mark === "dashes" || entry.mark === "ring" ? size * 0.6 : size * 1.5;
    const width = swatch + size * 0.45 + textWidth(entry.label, size);
    if (x > left && x + width > right) {
      x = left;
      y += rowHeight;
    }
    parts.push(
      drawMark(entry, theme, x, y, swatch, size),
      `<text x="${pixels(x + swatch + size * 0.45)}" y="${pixels(y + size * 0.35)}" font-size="${size}" ${paint(theme, "muted", "fill")}>${escapeXml(entry.label)}</text>`,
    );
    x += width + size * 1.1;
  }
  return { svg: parts.join(""), height: y + rowHeight / 2 - top };
}

function entriesOf(data: FigureData): Entry[] {
  const { curve, suggestion, overlay = [], label = "this sweep" } = data;
  const range = suggestion?.range;
  const { valLoss, band, stopped } = curve;
  const isAlone = overlay.length === 0;
  const own: Entry[] = isAlone
    ? [
        { role: "raw", label: "measured", mark: "thin" },
        { role: "smoothed", label: valLoss === undefined ? "smoothed" : "training", mark: "bold" },
        ...(valLoss === undefined ? [] : [{ role: "heldOut", label: "held out", mark: "bold" } as const]),
      ]
    : [{ role: "smoothed", label, mark: "bold" }];
  return [
    ...own,
    ...overlay.map((other, i) => ({ role: overlayRole(i), label: other.label, mark: "bold" }) as const),
    ...(band === undefined ? [] : [{ role: "band", label: `${band.sweeps} sweeps`, mark: "area" } as const]),
    ...(drawnTrials(data).length === 0 ? [] : [{ role: "text", label: "trials", mark: "ring" } as const]),
    ...(range && range[0] < range[1] ? [{ role: "range", label: "usable", mark: "area" } as const] : []),
    ...(stopped === "finished" || !isAlone
      ? []
      : [{ role: "stop", label: "stopped", mark: "dashes" } as const]),
  ];
}

function drawMark(
  { mark, role }: Entry,
  theme: Theme,
  x: number,
  y: number,
  width: number,
  height: number,
): string {
  const middle = pixels(y);
  if (mark === "area") {
    return `<rect x="${pixels(x)}" y="${pixels(y - height * 0.38)}" width="${pixels(width)}" height="${pixels(height * 0.76)}" rx="2" ${paint(theme, role, "fill")}/>`;
  }
  if (mark === "ring") return svgRing(theme, x + width / 2, y, width / 2);
  if (mark === "dashes") {
    return `<path d="M${pixels(x + width / 2)},${pixels(y - height * 0.55)}V${pixels(y + height * 0.55)}" stroke-width="1.5" stroke-dasharray="4 3" ${paint(theme, role, "stroke")}/>`;
  }
  const weight = mark === "bold" ? 3 : 1.25;
  return `<path d="M${pixels(x)},${middle}h${pixels(width)}" stroke-width="${weight}" stroke-linecap="round" ${paint(theme, role, "stroke")}/>`;
}
