import { FulmineError, type DataSource, type FitInput, type Module } from "@fulmine/core";
import { findHparam, getHparam, isObject, setHparam } from "@fulmine/core/plugin";

/** A loader that can be made anew with another batch size, such as a DataLoader. */
interface Resizable<T> {
  withBatchSize(batchSize: number): T;
}

/** The training data of a search, with a batch size that can be changed. */
export interface SizedData<B> {
  /** Returns the data with a batch size; dataloaders read it from the hyperparameters. */
  withBatchSize(batchSize: number): FitInput<B> | undefined;
  /** Restores the hyperparameter. */
  restore(): void;
}

/**
 * Finds out how the batch size of the training data can be changed.
 *
 * Data given as a loader is made anew by its `withBatchSize`. Dataloaders, of a DataModule or of the module, are expected to
 * read the hyperparameter.
 *
 * @param field - The path of the hyperparameter.
 * @param isTraining - Whether a fit trains the module. The Trainer would use the fit's data instead of the module's dataloader.
 * @throws FulmineError `INVALID_FIELD` if dataloaders make the data and there is no such hyperparameter, `INVALID_DATA` for
 * data whose batch size is fixed.
 */
export function sizedData<B>(
  module: Module<object, B>,
  data: FitInput<B> | undefined,
  field: string,
  isTraining = false,
): SizedData<B> {
  const { hparams } = Object(module) as { readonly hparams?: unknown };
  const unchanged = { withBatchSize: () => data, restore: () => undefined };
  // The Trainer throws the error for a value that is no module or no data.
  if (!isObject(hparams) || (data !== undefined && !isObject(data))) return unchanged;
  if (data === undefined || "trainDataloader" in data) {
    requireField(hparams, field);
    const before = getHparam(hparams, field);
    const loaders = data ?? module;
    let isSetUp = isTraining;
    return {
      withBatchSize(batchSize) {
        setHparam(hparams, field, batchSize);
        if (isSetUp) return { train: loaders.trainDataloader?.() as DataSource<B> };
        // The first trial sets a DataModule up. Each later trial that gets it would do so again.
        isSetUp = data !== undefined;
        return data;
      },
      restore: () => setHparam(hparams, field, before),
    };
  }
  if (!("train" in data)) return unchanged;
  const { train } = data;
  if (!isResizable(train)) throw fixed(train);
  return { ...unchanged, withBatchSize: (batchSize) => ({ ...data, train: train.withBatchSize(batchSize) }) };
}

/**
 * Checks that the batch size can be written to a hyperparameter.
 *
 * @throws FulmineError `INVALID_FIELD` otherwise.
 */
export function requireField(hparams: object, field: string): void {
  findHparam(hparams, {
    path: field,
    names: [field],
    purpose: "the batch size",
    option: 'field: "data.batchSize"',
  });
}

function isResizable<T>(data: T): data is T & Resizable<T> {
  return isObject(data, "withBatchSize");
}

function fixed(received: unknown): FulmineError {
  return new FulmineError("INVALID_DATA", "The batch size of this training data can't be changed.", {
    received,
    todo: "Pass a DataLoader or SampleLoader as `train`, or make it in `trainDataloader` with hparams.batchSize.",
  });
}
