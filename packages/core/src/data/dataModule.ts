import type { Batch } from "../tensors/batch.js";
import type { Stage } from "./dataloaders.js";
import type { DataSource } from "./toBatchSource.js";

type Done = void | Promise<void>;

/**
 * Data together with how it is fetched, split and cut into batches, to be used with several modules and Trainers.
 *
 * `prepareData` fetches, once; `setup` makes what the loaders need, at the start of each run; the dataloaders give the data
 * of what is being done; `teardown` cleans up, however the run ended.
 *
 * @typeParam B - The batches of all its loaders.
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
  /** Fetches what is to be had only once: a download, a conversion. Awaited before `setup`. */
  prepareData?(): Done;

  /** Makes what the loaders need, at the start of a run. */
  setup?(stage: Stage): Done;

  /** The data to train on. */
  abstract trainDataloader(): DataSource<B>;

  /** The held-out data that is scored while training. */
  valDataloader?(): DataSource<B>;

  /** The data of `trainer.test`. */
  testDataloader?(): DataSource<B>;

  /** The data of `trainer.predict`. */
  predictDataloader?(): DataSource<B>;

  /** Cleans up at the end of a run, whether it succeeded or failed. */
  teardown?(stage: Stage): Done;
}
