import type { DataSource } from "./sources/toBatchSource.js";

/** The kind of run: a call of `fit`, `validate`, `test` or `predict`. */
export type Stage = "fit" | "validate" | "test" | "predict";

/** The data of a fit. */
export interface FitData<B> {
  /** The training data. */
  readonly train: DataSource<B>;
  /** The validation data, scored after each epoch. @defaultValue no validation */
  readonly val?: DataSource<B>;
}

/** An object with dataloaders: a {@link DataModule}, or a module that brings its own data. */
export interface Dataloaders<B> {
  /** Downloads or converts the data, once. */
  prepareData?(): void | Promise<void>;
  /** Creates what the dataloaders need, at the start of each run. */
  setup?(stage: Stage): void | Promise<void>;
  /** Cleans up at the end of each run. */
  teardown?(stage: Stage): void | Promise<void>;
  /** Returns the training data. */
  trainDataloader?(): DataSource<B>;
  /** Returns the validation data. */
  valDataloader?(): DataSource<B>;
  /** Returns the data for `trainer.test`. */
  testDataloader?(): DataSource<B>;
  /** Returns the data for `trainer.predict`. */
  predictDataloader?(): DataSource<B>;
}

/** The names of all dataloaders. */
export const DATALOADERS: readonly string[] = [
  "trainDataloader",
  "valDataloader",
  "testDataloader",
  "predictDataloader",
];

/** The data argument of `fit`. */
export type FitInput<B> = FitData<B> | Dataloaders<B>;

/** The return value of a plug-in's `beforeFit`: data that replaces the argument of `fit`, or nothing. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a plug-in that replaces nothing need not return anything
export type ReplacedData<B> = FitInput<B> | undefined | void;

/** The data argument of any run; `undefined` means that the module has dataloaders. */
export type GivenData<B> = FitInput<B> | DataSource<B> | undefined;

/** Tells whether an object has dataloaders. */
export function isDataloaders<B>(data: GivenData<B>): data is Dataloaders<B> {
  const given: unknown = data;
  return (
    typeof given === "object" &&
    given !== null &&
    DATALOADERS.some((name) => typeof Reflect.get(given, name) === "function")
  );
}

/** Lists the objects that a run must claim, because only one run may read them: the DataModule itself, or the loaders. */
export function partsOf<B>(data: GivenData<B>): readonly unknown[] {
  const given: unknown = data;
  const isFitData = !isDataloaders(data) && typeof given === "object" && given !== null && "train" in given;
  return isFitData ? [given.train, "val" in given ? given.val : undefined] : [given];
}
