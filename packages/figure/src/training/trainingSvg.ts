import { line } from "d3-shape";
import type { HorizontalAxis, VerticalAxis } from "../axes/axis.js";
import { checkDrawing } from "../options/checkDrawing.js";
import type { SvgOptions } from "../options/drawingOptions.js";
import { svgDocument, type SvgPart } from "../svg/document.js";
import { svgDot } from "../svg/legend.js";
import { panelX, panelY, svgGrid, svgHorizontalAxis, type Panel } from "../svg/panel.js";
import { escapeXml, pixels, shortened } from "../svg/text.js";
import { paint, type Role, type Theme } from "../svg/theme.js";
import { LOSS, lowestLoss, type TrainingData, type TrainingSeries } from "./trainingData.js";
import { momentAxis } from "./trainingFrame.js";
import { layOut, roomFor, tickCount } from "./trainingLayout.js";
import { roleOf } from "./trainingLegend.js";
import { trainingInWords } from "./trainingWords.js";
import { thinned } from "./thinned.js";

/** Draws a figure of a run as SVG. */
export function trainingSvg(data: TrainingData, options: SvgOptions = {}): string {
  checkDrawing("toSvg", options, ["width", "height", "theme"]);
  const { width = 720, theme = "light" } = options;
  const { heading, panels, height } = layOut(data, width, options.height, theme);
  const horizontal = momentAxis(data);
  const parts = panels.map(({ panel, axis, content }): SvgPart => {
    const ticks = horizontal.ticks(roomFor(data, panel));
    const lines = content.series.map((series) => {
      const role = roleOf(series, content);
      return svgSeries(series, { role, horizontal, axis, panel, theme });
    });
    return {
      panel,
      back: svgGrid(ticks, horizontal, axis, panel, theme, tickCount(panel)) + svgTitle(axis, panel, theme),
      lines: lines.join(""),
    };
  });
  // In front of the panels, because at their edges the mark would be cut.
  const front = panels.map(({ panel, axis, content }) =>
    content.name === LOSS ? svgLowest(data, { horizontal, axis, panel, theme }) : "",
  );
  const bottom = panels.at(-1)?.panel;
  if (bottom !== undefined)
    front.push(svgHorizontalAxis(horizontal.ticks(roomFor(data, bottom)), horizontal, bottom, theme));
  const contents = { title: data.title, description: trainingInWords(data), heading, parts, front };
  return svgDocument(contents, { width, height, theme });
}

interface Place {
  readonly horizontal: HorizontalAxis;
  readonly axis: VerticalAxis;
  readonly panel: Panel;
  readonly theme: Theme;
}

/** The title above a panel. */
function svgTitle({ title }: VerticalAxis, { left, right, top, size }: Panel, theme: Theme): string {
  const text = escapeXml(shortened(title, right - left, size));
  return `<text x="${pixels(left)}" y="${pixels(top - size * 0.5)}" font-size="${size}" ${paint(theme, "text", "fill")}>${text}</text>`;
}

/** Lines with more points have no dots. */
const DOTTED = 40;

/** Draws a line, with gaps where values are not finite, and with dots on few or lonely points. */
function svgSeries(
  series: TrainingSeries,
  { role, horizontal, axis, panel, theme }: Place & { readonly role: Role },
): string {
  const points = thinned(series);
  const isFinite = ([, value]: readonly [number, number]): boolean => Number.isFinite(value);
  const path = line<readonly [number, number]>()
    .digits(1)
    .defined(isFinite)
    .x(([at]) => panelX(panel, horizontal, at))
    .y(([, value]) => panelY(panel, axis, value))(points);
  const isBold = series.kind !== "steps";
  const dots = points.flatMap((point, i): [number, number, number][] => {
    const isLonely = [points[i - 1], points[i + 1]].every((other) => other === undefined || !isFinite(other));
    const isShown = isFinite(point) && (isLonely || (isBold && points.length <= DOTTED));
    return isShown ? [[...point, panel.size * (isLonely ? 0.27 : 0.18)]] : [];
  });
  return [
    `<path d="${path ?? ""}" stroke-width="${isBold ? 2.5 : 1}" stroke-linejoin="round"${isBold ? ` stroke-linecap="round"` : ""} ${paint(theme, role, "stroke")}/>`,
    ...dots.map(([at, value, radius]) =>
      svgDot(theme, role, panelX(panel, horizontal, at), panelY(panel, axis, value), radius),
    ),
  ].join("");
}

/** Marks the lowest loss. */
function svgLowest(data: TrainingData, { horizontal, axis, panel, theme }: Place): string {
  const lowest = lowestLoss(data);
  if (lowest === null) return "";
  const [x, y] = [panelX(panel, horizontal, lowest.at), panelY(panel, axis, lowest.value)];
  const radius = panel.size * 0.35;
  return svgDot(theme, "surface", x, y, radius + 1.5) + svgDot(theme, "pick", x, y, radius);
}
