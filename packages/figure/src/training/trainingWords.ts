import { formatCount, formatLoss, formatRate } from "../numbers/formatNumber.js";
import {
  lowestLoss,
  momentsOf,
  RATE,
  seriesOf,
  type SeriesKind,
  type TrainingData,
  type TrainingSeries,
} from "./trainingData.js";

const KINDS: Readonly<Record<Exclude<SeriesKind, "rate">, string>> = {
  steps: "single steps",
  train: "training",
  val: "validation",
  test: "test",
};

/** The name of a line in the legend. */
export function kindInWords({ kind, name }: TrainingSeries): string {
  return kind === "rate" ? name : KINDS[kind];
}

/** The title of the horizontal axis. */
export function unitInWords({ unit }: TrainingData): string {
  return unit === "epoch" ? "epoch" : "optimizer step";
}

/** A value of a line as short text. */
export function valueInWords({ kind }: TrainingSeries, value: number): string {
  return kind === "rate" ? formatRate(value, 3) : formatLoss(value);
}

/** What a figure says below its title: the lowest loss, and where values are not finite. */
export function captionOf(data: TrainingData): string[] {
  const { unit } = data;
  const last = momentsOf(data).at(-1) ?? NaN;
  const lowest = lowestLoss(data);
  const best =
    lowest === null
      ? []
      : [
          `lowest ${lowest.name} ${formatLoss(lowest.value)} at ${unit} ${formatCount(lowest.at)} of ${formatCount(last)}`,
        ];
  return [...best, ...seriesOf(data).flatMap((series) => gapsInWords(series, unit))];
}

/** How many epochs or steps a caption lists. */
const LISTED = 3;

function gapsInWords({ name, at, values }: TrainingSeries, unit: string): string[] {
  const gaps = at.filter((_, i) => !Number.isFinite(values[i]));
  if (gaps.length === 0) return [];
  const listed = gaps.slice(0, LISTED).map(formatCount).join(", ");
  const more = gaps.length > LISTED ? ` and ${formatCount(gaps.length - LISTED)} more` : "";
  return [`${name} is not finite at ${unit}${gaps.length > 1 ? "s" : ""} ${listed}${more}`];
}

/** A text alternative for a figure. */
export function trainingInWords(data: TrainingData): string {
  const moments = momentsOf(data);
  const [first = NaN] = moments;
  const names = data.panels
    .filter(({ name }) => name !== RATE)
    .map(({ series }) => series.map(({ name }) => name).join(" and "));
  const rates = data.panels.filter(({ name }) => name === RATE).map(() => "the learning rate");
  const range = `${unitInWords(data)} ${formatCount(first)} to ${formatCount(moments.at(-1) ?? NaN)}`;
  const captions = captionOf(data).map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
  return [`A run by ${range}: ${[...names, ...rates].join(", ")}.`, ...captions].join(" ");
}
