import { htmlPage, type PageDrawing } from "../html/htmlPage.js";
import { checkDrawing } from "../options/checkDrawing.js";
import type { HtmlOptions } from "../options/drawingOptions.js";
import { panelX, panelY } from "../svg/panel.js";
import type { Theme } from "../svg/theme.js";
import { formatCount } from "../numbers/formatNumber.js";
import { lowestLoss, momentsOf, seriesOf, type TrainingData, type TrainingSeries } from "./trainingData.js";
import { momentAxis } from "./trainingFrame.js";
import { layOut } from "./trainingLayout.js";
import { trainingSvg } from "./trainingSvg.js";
import { valueInWords } from "./trainingWords.js";

/** The widths of the drawings for wide and for narrow windows. */
const [WIDE, NARROW] = [880, 400];

/** Converts a figure of a run to a self-contained HTML page with a readout and a table of all values. */
export function trainingHtml(data: TrainingData, options: HtmlOptions = {}): string {
  checkDrawing("toHtml", options, ["theme"]);
  const { theme = "auto" } = options;
  const { unit } = data;
  const moments = momentsOf(data);
  const series = seriesOf(data);
  const columns = series.map((one) => new Map(one.at.map((moment, i) => [moment, one.values[i] ?? NaN])));
  const lowest = lowestLoss(data);
  const lines = moments.map((moment) => ({
    moment,
    values: series.map((one, i) => {
      const value = columns[i]?.get(moment);
      return value === undefined ? null : valueInWords(one, value);
    }),
  }));
  return htmlPage({
    ...{ title: data.title, theme },
    ...{ wide: drawingOf(data, WIDE, theme, moments), narrow: drawingOf(data, NARROW, theme, moments) },
    texts: lines.map(({ moment, values }) => {
      const named = values.flatMap((value, i) => (value === null ? [] : `${series[i]?.name ?? ""} ${value}`));
      return [`${unit} ${formatCount(moment)}`, ...named].join(" · ");
    }),
    summary: `All ${formatCount(moments.length)} ${moments.length === 1 ? unit : `${unit}s`}`,
    heads: [unit, ...series.map(({ name }) => name)],
    rows: lines.map(({ moment, values }) => ({
      cells: [moment, ...values.map((value) => value ?? "")],
      isPick: lowest?.at === moment,
    })),
  });
}

/** A drawing, with the position of each moment on the first line of the first panel. */
function drawingOf(data: TrainingData, width: number, theme: Theme, moments: readonly number[]): PageDrawing {
  const { panels } = layOut(data, width, undefined, theme);
  const [first] = panels;
  const svg = trainingSvg(data, { width, theme });
  if (first === undefined) return { svg, top: 0, bottom: 0, places: [] };
  const horizontal = momentAxis(data);
  const { panel, axis, content } = first;
  const shown = readLine(content.series);
  const values = new Map(shown?.at.map((moment, i) => [moment, shown.values[i] ?? NaN]));
  const places = moments.map((moment): [number, number | null] => {
    const value = values.get(moment) ?? NaN;
    return [panelX(panel, horizontal, moment), Number.isFinite(value) ? panelY(panel, axis, value) : null];
  });
  return { svg, top: panel.top, bottom: panels.at(-1)?.panel.bottom ?? panel.bottom, places };
}

/** The line that a dot follows: that of validation, or else the first. */
function readLine(series: readonly TrainingSeries[]): TrainingSeries | undefined {
  return series.find(({ kind }) => kind === "val") ?? series[0];
}
