import { escapeXml, pixels, textWidth } from "./text.js";
import { paint, type Role, type Theme } from "./theme.js";

/** An entry of a legend: a symbol with a name. */
export interface LegendEntry {
  readonly role: Role;
  readonly label: string;
  readonly mark: "thin" | "bold" | "area" | "dashes" | "ring" | "dot";
}

/** Draws a legend: rows of symbols with names, between `left` and `right`. */
export function svgLegend(
  entries: readonly LegendEntry[],
  theme: Theme,
  box: { readonly left: number; readonly right: number; readonly top: number; readonly size: number },
): { readonly svg: string; readonly height: number } {
  const { left, right, top, size } = box;
  const rowHeight = size * 1.5;
  const parts: string[] = [];
  let x = left;
  let y = top + rowHeight / 2;
  for (const entry of entries) {
    const swatch = ["dashes", "ring", "dot"].includes(entry.mark) ? size * 0.6 : size * 1.5;
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

function drawMark(
  { mark, role }: LegendEntry,
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
  if (mark === "dot") return svgDot(theme, role, x + width / 2, y, width / 2);
  if (mark === "dashes") {
    return `<path d="M${pixels(x + width / 2)},${pixels(y - height * 0.55)}V${pixels(y + height * 0.55)}" stroke-width="1.5" stroke-dasharray="4 3" ${paint(theme, role, "stroke")}/>`;
  }
  const weight = mark === "bold" ? 3 : 1.25;
  return `<path d="M${pixels(x)},${middle}h${pixels(width)}" stroke-width="${weight}" stroke-linecap="round" ${paint(theme, role, "stroke")}/>`;
}

/** Draws a ring. */
export function svgRing(theme: Theme, x: number, y: number, radius: number): string {
  const place = `cx="${pixels(x)}" cy="${pixels(y)}"`;
  return `<circle ${place} r="${pixels(radius)}" ${paint(theme, "surface", "fill")}/><circle ${place} r="${pixels(radius)}" stroke-width="2" ${paint(theme, "text", "stroke")}/>`;
}

/** Draws a dot. */
export function svgDot(theme: Theme, role: Role, x: number, y: number, radius: number): string {
  return `<circle cx="${pixels(x)}" cy="${pixels(y)}" r="${pixels(radius)}" ${paint(theme, role, "fill")}/>`;
}
