import type { LegendEntry } from "../svg/legend.js";
import { overlayRole, type Role } from "../svg/theme.js";
import {
  lowestLoss,
  RATE,
  type SeriesKind,
  type TrainingData,
  type TrainingPanel,
  type TrainingSeries,
} from "./trainingData.js";
import { kindInWords } from "./trainingWords.js";

const ROLES: Readonly<Record<Exclude<SeriesKind, "rate">, Role>> = {
  steps: "raw",
  train: "smoothed",
  val: "heldOut",
  test: "overlay3",
};

/** The colour of a line. The first learning rate has a colour that no other line has. */
export function roleOf(series: TrainingSeries, { series: all }: TrainingPanel): Role {
  if (series.kind !== "rate") return ROLES[series.kind];
  // The first of these colours is that of validation.
  return overlayRole(all.indexOf(series) + 1);
}

/** The order of the lines in the legend. */
const ORDER: readonly SeriesKind[] = ["train", "steps", "val", "test"];

/** The kinds of lines of a figure, in the order of the legend; learning rates are named if there are several. */
export function shownLines({
  panels,
}: TrainingData): { readonly series: TrainingSeries; readonly panel: TrainingPanel }[] {
  const lines = panels.flatMap((panel) => panel.series.map((series) => ({ series, panel })));
  const kinds = ORDER.flatMap((kind) => lines.find(({ series }) => series.kind === kind) ?? []);
  const rates = panels.find(({ name }) => name === RATE)?.series ?? [];
  return [...kinds, ...(rates.length > 1 ? lines.filter(({ series }) => series.kind === "rate") : [])];
}

/** The legend of a figure. */
export function trainingLegend(data: TrainingData): LegendEntry[] {
  const lowest = lowestLoss(data);
  return [
    ...shownLines(data).map(({ series, panel }) => ({
      ...{ role: roleOf(series, panel), label: kindInWords(series) },
      mark: series.kind === "steps" ? ("thin" as const) : ("bold" as const),
    })),
    ...(lowest === null ? [] : [{ role: "pick", label: `lowest ${lowest.name}`, mark: "dot" } as const]),
  ];
}
