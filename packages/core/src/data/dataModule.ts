import type { Batch } from "../tensors/batch.js";
import type { Stage } from "./dataloaders.js";
import type { DataSource } from "./sources/toBatchSource.js";

/**
 * A data set that can be shared between modules and Trainers: it downloads, splits and batches the data.
 *
 * At the start of each run the Trainer calls `prepareData`, then `setup`, then the dataloader of the current stage. It calls
 * `teardown` at the end of the run, also if the run failed.
 *
 * @typeParam B - The type of a batch.
 * @example
 * ```ts
 * class Digits extends DataModule {
 *   async prepareData() { this.rows = readCsv(await (await fetch(url)).text(), { label: "digit" }); }
 *   trainDataloader() { return new DataLoader(this.rows, { batchSize: 64, shuffle: true }); }
 * }
 * await trainer.fit(model, new Digits());
 * ```
 */
export abstract class DataModule<B = Batch> {
  /** Downloads or converts the data, if that is not done yet. Called in each run and awaited before `setup`. */
  prepareData?(): void | Promise<void>;

  /** Creates what the dataloaders need. Called at the start of each run. */
  setup?(stage: Stage): void | Promise<void>;

  /** Returns the training data. */
  abstract trainDataloader(): DataSource<B>;

  /** Returns the validation data. */
  valDataloader?(): DataSource<B>;

  /** Returns the data for `trainer.test`. */
  testDataloader?(): DataSource<B>;

  /** Returns the data for `trainer.predict`. */
  predictDataloader?(): DataSource<B>;

  /** Cleans up. Called at the end of each run, also if it failed. */
  teardown?(stage: Stage): void | Promise<void>;
}
