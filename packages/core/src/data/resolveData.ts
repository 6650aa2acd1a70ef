import { FulmineError } from "../fulmineError.js";
import type { Module } from "../module.js";
import type { BatchSource } from "./batchSource.js";
import { toBatchSource, type DataSource } from "./toBatchSource.js";

/** The data of a fit. */
export interface FitData<B> {
  /** What is trained on. */
  readonly train: DataSource<B>;
  /** What is scored after each epoch; left out, nothing is. */
  readonly val?: DataSource<B>;
}

/** The data of a fit, ready to be read. */
export interface FitSources<B> {
  readonly train: BatchSource<B>;
  readonly val: BatchSource<B> | null;
}

/**
 * Finds the data of a fit: what was given, else what the module's own dataloaders give.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when there is none or it can't be read, `INVALID_MODULE` when there is
 * held-out data and no `validationStep`.
 */
export function resolveData<B>(module: Module<object, B>, data: FitData<B> | undefined): FitSources<B> {
  const train: unknown = data === undefined ? module.trainDataloader?.() : data.train;
  const val = data === undefined ? module.valDataloader?.() : data.val;
  if (train === undefined) {
    throw new FulmineError("INVALID_DATA", "There is no training data.", {
      ...(data === undefined ? {} : { received: data }),
      todo: "Pass { train, val }, or define `trainDataloader` on the module.",
    });
  }
  if (val !== undefined) requireValidationStep(module);
  return {
    train: toBatchSource(train as DataSource<B>, "train"),
    val: val === undefined ? null : toBatchSource(val, "val"),
  };
}

/** @throws {@link FulmineError} `INVALID_MODULE` when the module has no `validationStep`. */
export function requireValidationStep<B>(module: Module<object, B>): void {
  if (module.validationStep !== undefined) return;
  throw new FulmineError(
    "INVALID_MODULE",
    "There is held-out data, but the module has no `validationStep`.",
    {
      todo: "Define it, or leave the held-out data out.",
    },
  );
}
