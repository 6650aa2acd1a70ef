/** What a line of a figure of a run shows: values of steps, means of epochs by stage, or a learning rate. */
export type SeriesKind = "steps" | "train" | "val" | "test" | "rate";

/** A line of a figure of a run. */
export interface TrainingSeries {
  /** The name of the metric or the learning rate, as it was logged. */
  readonly name: string;
  readonly kind: SeriesKind;
  /** Epochs or optimizer steps, ascending. */
  readonly at: readonly number[];
  /** The value at each of them; values that are not finite are gaps in the line. */
  readonly values: readonly number[];
}

/** A panel of a figure of a run: a metric in training, validation and test, or the learning rates. */
export interface TrainingPanel {
  readonly name: string;
  readonly series: readonly TrainingSeries[];
}

/** The contents of a figure of a run. */
export interface TrainingData {
  readonly title: string;
  /** What the horizontal axis counts. */
  readonly unit: "epoch" | "step";
  /** The loss comes first, the learning rates last. */
  readonly panels: readonly TrainingPanel[];
}

/** The panel of the loss. */
export const LOSS = "loss";
/** The panel of the learning rates. */
export const RATE = "learning rate";

/** The best value of the loss that decides: of validation, or of training if there is none. */
export interface LowestLoss {
  readonly name: string;
  readonly at: number;
  readonly value: number;
}

/** The lowest loss of a run; null without a loss, or with a single one. */
export function lowestLoss({ panels }: TrainingData): LowestLoss | null {
  const panel = panels.find(({ name }) => name === LOSS);
  const series =
    panel?.series.find(({ kind }) => kind === "val") ?? panel?.series.find(({ kind }) => kind === "train");
  if (series === undefined || series.at.length < 2) return null;
  const { name, at, values } = series;
  const value = values.filter(Number.isFinite).reduce((least, each) => Math.min(least, each), Infinity);
  const index = values.indexOf(value);
  return index < 0 ? null : { name, at: at[index] ?? NaN, value };
}

/** All lines of a figure. */
export function seriesOf({ panels }: TrainingData): readonly TrainingSeries[] {
  return panels.flatMap(({ series }) => series);
}

/** What was sorted already: a drawing asks for it many times, and a run may have 100,000 steps. */
const sorted = new WeakMap<TrainingData, readonly number[]>();

/** The epochs or steps at which anything was measured, ascending. */
export function momentsOf(data: TrainingData): readonly number[] {
  const moments =
    sorted.get(data) ?? [...new Set(seriesOf(data).flatMap(({ at }) => at))].sort((a, b) => a - b);
  sorted.set(data, moments);
  return moments;
}
