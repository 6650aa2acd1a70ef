import { DATALOADERS } from "./checkFitData.js";
import type { DataSource } from "./toBatchSource.js";

/** What the Trainer is doing. */
export type Stage = "fit" | "validate" | "test" | "predict";

/** The data of a fit. */
export interface FitData<B> {
  /** What is trained on. */
  readonly train: DataSource<B>;
  /** What is scored after each epoch; left out, nothing is. */
  readonly val?: DataSource<B>;
}

/** What makes data for each stage of a run: a DataModule, or a module with dataloaders of its own. */
export interface Dataloaders<B> {
  /** Fetches what is to be had only once. */
  prepareData?(): void | Promise<void>;
  /** Makes what the loaders need, at the start of a run. */
  setup?(stage: Stage): void | Promise<void>;
  /** Cleans up at the end of a run. */
  teardown?(stage: Stage): void | Promise<void>;
  /** The data to train on. */
  trainDataloader?(): DataSource<B>;
  /** The held-out data that is scored while training. */
  valDataloader?(): DataSource<B>;
  /** The data of `trainer.test`. */
  testDataloader?(): DataSource<B>;
  /** The data of `trainer.predict`. */
  predictDataloader?(): DataSource<B>;
}

/** What a fit may be given as data. */
export type FitInput<B> = FitData<B> | Dataloaders<B>;

/** The data that takes the place of what a fit was given, or nothing. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- who replaces nothing need not return anything
export type ReplacedData<B> = FitInput<B> | undefined | void;

/** What a run may be given as data, or nothing for the module's own. */
export type GivenData<B> = FitInput<B> | DataSource<B> | undefined;

/** Whether data is made by dataloaders. */
export function isDataloaders<B>(data: GivenData<B>): data is Dataloaders<B> {
  const given: unknown = data;
  return (
    typeof given === "object" &&
    given !== null &&
    DATALOADERS.some((name) => typeof Reflect.get(given, name) === "function")
  );
}

/** The parts of a run's data that one run alone may read: a DataModule as a whole, else its loaders. */
export function partsOf<B>(data: GivenData<B>): readonly unknown[] {
  const given: unknown = data;
  const isFitData = !isDataloaders(data) && typeof given === "object" && given !== null && "train" in given;
  return isFitData ? [given.train, "val" in given ? given.val : undefined] : [given];
}
