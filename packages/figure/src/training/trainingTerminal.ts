import { checkDrawing } from "../options/checkDrawing.js";
import type { TerminalOptions } from "../options/drawingOptions.js";
import {
  COLOURS,
  drawLine,
  dyeing,
  gutterOf,
  horizontalAxisLines,
  legendLines,
  panelLines,
  rowOf,
  shorten,
  type TerminalPanel,
} from "../terminal/terminalPanel.js";
import {
  LOSS,
  lowestLoss,
  type SeriesKind,
  type TrainingData,
  type TrainingPanel,
  type TrainingSeries,
} from "./trainingData.js";
import { momentAxis, panelAxis } from "./trainingFrame.js";
import { shareOf } from "./trainingLayout.js";
import { shownLines } from "./trainingLegend.js";
import { thinned } from "./thinned.js";
import { captionOf, kindInWords, unitInWords } from "./trainingWords.js";

/** The usual height of a panel, and the least, in rows. */
const [USUAL, LEAST] = [6, 3];

const CODES: Readonly<Record<Exclude<SeriesKind, "rate">, number>> = {
  ...{ steps: COLOURS.dim, train: COLOURS.blue, val: COLOURS.yellow, test: COLOURS.green },
};
const RATE_CODES = [COLOURS.magenta, COLOURS.cyan, COLOURS.green, COLOURS.yellow] as const;

/** The lines that are drawn over others come first. */
const ORDER: readonly SeriesKind[] = ["test", "val", "train", "rate", "steps"];

/**
 * Draws a figure of a run as text for a terminal.
 *
 * @returns Lines of at most `columns` characters, joined by newlines.
 */
export function trainingTerminal(data: TrainingData, options: TerminalOptions = {}): string {
  checkDrawing("toTerminal", options, ["columns", "rows", "colour"]);
  const columns = Math.max(40, Math.floor(options.columns ?? 80));
  const colour = options.colour ?? false;
  const dye = dyeing(colour);
  const caption = captionOf(data).map((text) => shorten(text, columns));
  const shown = shownLines(data).filter(({ series }) => colour || series.kind !== "steps");
  const lowest = lowestLoss(data);
  const marked = lowest === null ? [] : [{ label: `● lowest ${lowest.name}`, code: COLOURS.red }];
  const entries = shown.map(({ series, panel }) => ({
    label: kindInWords(series),
    code: codeOf(series, panel),
  }));
  const legend = legendLines([...entries, ...marked], columns, dye);
  // The titles, the axis, its labels and its title take their lines.
  const fixed = 4 + data.panels.length + caption.length + legend.length;
  const heights = heightsOf(
    data.panels,
    options.rows === undefined ? undefined : Math.floor(options.rows) - fixed,
  );
  const horizontal = momentAxis(data);
  const sized = data.panels.map((content, i) => ({
    content,
    axis: panelAxis(content),
    height: heights[i] ?? LEAST,
  }));
  const gutter = gutterOf(sized);
  const width = columns - gutter - 2;
  const indent = " ".repeat(gutter + 1);
  const lines = sized.flatMap(({ content, axis, height }) => {
    const panel: TerminalPanel = {
      ...{ axis, height },
      inks: [...content.series]
        .filter(({ kind }) => colour || kind !== "steps")
        .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
        .map((series) => ({
          canvas: drawLine(thinned(series), { horizontal, vertical: axis }, { width, height }, true),
          code: codeOf(series, content),
        })),
      marks:
        content.name === LOSS && lowest !== null
          ? [[Math.round(horizontal.across(lowest.at) * (width - 1)), rowOf(axis, lowest.value, height), "●"]]
          : [],
    };
    return [
      shorten(`${indent} ${axis.title}`, columns),
      ...panelLines(panel, { width, gutter, pickAt: NaN, dye }),
    ];
  });
  const { axis, labels } = horizontalAxisLines(horizontal, width);
  const name = unitInWords(data);
  return [
    shorten(data.title, columns),
    ...lines,
    `${indent}╰${axis}`,
    `${indent} ${labels}`.trimEnd(),
    `${indent} ${" ".repeat(Math.max(0, Math.floor((width - name.length) / 2)))}${name}`,
    ...legend,
    ...caption,
  ].join("\n");
}

function codeOf(series: TrainingSeries, { series: all }: TrainingPanel): number {
  if (series.kind !== "rate") return CODES[series.kind];
  return RATE_CODES[all.indexOf(series) % RATE_CODES.length] ?? COLOURS.magenta;
}

/** The heights of the panels in rows. */
function heightsOf(panels: readonly TrainingPanel[], rows: number | undefined): number[] {
  const shares = panels.map(shareOf);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const unit = rows === undefined ? USUAL : rows / total;
  return shares.map((share) => Math.max(LEAST, Math.floor(unit * share)));
}
