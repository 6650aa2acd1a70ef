import { FulmineError, type FitInput, type Module } from "@fulmine/core";
import { findHparam, getHparam, setHparam } from "@fulmine/core/plugin";

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
 * @throws FulmineError `INVALID_FIELD` if dataloaders make the data and there is no such hyperparameter, `INVALID_DATA` for
 * data whose batch size is fixed.
 */
export function sizedData<B>(
  module: Module<object, B>,
  data: FitInput<B> | undefined,
  field: string,
): SizedData<B> {
  const { hparams } = module;
  if (data !== undefined && "train" in data) {
    const { train } = data;
    if (!isResizable(train)) throw fixed(train);
    return {
      withBatchSize: (batchSize) => ({ ...data, train: train.withBatchSize(batchSize) }),
      restore: () => undefined,
    };
  }
  findHparam(hparams, {
    path: field,
    names: [field],
    purpose: "the batch size",
    option: 'field: "data.batchSize"',
  });
  const before = getHparam(hparams, field);
  return {
    withBatchSize(batchSize) {
      setHparam(hparams, field, batchSize);
      return data;
    },
    restore: () => setHparam(hparams, field, before),
  };
}

function isResizable<T>(data: T): data is T & Resizable<T> {
  return (
    typeof data === "object" &&
    data !== null &&
    "withBatchSize" in data &&
    typeof data.withBatchSize === "function"
  );
}

function fixed(received: unknown): FulmineError {
  return new FulmineError("INVALID_DATA", "The batch size of this training data can't be changed.", {
    received,
    todo: "Pass a DataLoader or SampleLoader as `train`, or make it in `trainDataloader` with hparams.batchSize.",
  });
}
