import type { Checkpoint, FitInput, Module, ReplacedData } from "@fulmine/core";
import {
  getHparam,
  mixed,
  setHparam,
  unlessAborted,
  type Mixed,
  type Validators,
  type TrainerClass,
} from "@fulmine/core/plugin";
import type { BatchSizeFinder } from "./batchSizeFinder.js";
import type { BatchSizeHost } from "./batchSizeHost.js";
import { findBatchSize } from "./findBatchSize.js";
import type { BatchSizeFinderOptions, BatchSizeMode, FindBatchSizeOptions } from "./findBatchSizeOptions.js";
import { requireField, sizedData } from "./sizedData.js";

/** The members that the batch-size finder adds to a Trainer. */
export interface BatchSizeFinderTrainer {
  /** The last search that `fit` made; `null` before the first one. */
  readonly batchSizeFinder: BatchSizeFinder | null;
  /** Searches the batch size and leaves all state as it was; see {@link findBatchSize}. */
  findBatchSize<B>(
    module: Module<object, B>,
    data?: FitInput<B>,
    options?: FindBatchSizeOptions,
  ): Promise<BatchSizeFinder>;
}

/** A Trainer class with the batch-size finder. */
export type WithBatchSizeFinder<TBase extends TrainerClass<BatchSizeHost>> = Mixed<
  TBase,
  BatchSizeFinderOptions,
  BatchSizeFinderTrainer
>;

/**
 * Adds the batch-size finder to a Trainer: the option `autoBatchSize` and the method `findBatchSize`. A fit that resumes from
 * a checkpoint does not search, and keeps the batch size of the checkpoint.
 *
 * @example
 * ```ts
 * const SizingTrainer = withBatchSizeFinder(Trainer);
 * await new SizingTrainer({ autoBatchSize: true }).fit(model, { train });
 * ```
 */
export function withBatchSizeFinder<TBase extends TrainerClass<BatchSizeHost>>(
  Base: TBase,
): WithBatchSizeFinder<TBase> {
  class Sizing extends Base implements BatchSizeFinderTrainer {
    static override readonly optionEntries: Validators = { ...Base.optionEntries, autoBatchSize };
    #batchSizeFinder: BatchSizeFinder | null = null;

    get batchSizeFinder(): BatchSizeFinder | null {
      return this.#batchSizeFinder;
    }

    findBatchSize<B>(
      module: Module<object, B>,
      data?: FitInput<B>,
      options?: FindBatchSizeOptions,
    ): Promise<BatchSizeFinder> {
      return findBatchSize(this, module, data, options);
    }

    override async beforeFit<B>(
      module: Module<object, B>,
      data: FitInput<B> | undefined,
    ): Promise<ReplacedData<B>> {
      const replaced = await super.beforeFit(module, data);
      const { autoBatchSize: wanted = false } = this.options;
      if (wanted === false) return replaced;
      if (this.isDevRun) {
        this.display.info("fastDevRun: the batch size is not searched.");
        return replaced;
      }
      const { resumedFrom } = this;
      if (resumedFrom !== null) return this.#resume(module, replaced ?? data, resumedFrom) ?? replaced;
      const mode = wanted === true ? "power" : wanted;
      return (await this.#find(module, replaced ?? data, mode)) ?? replaced;
    }

    /** Keeps the batch size of the checkpoint, because its position in the data counts in such batches. */
    #resume<B>(
      module: Module<object, B>,
      data: FitInput<B> | undefined,
      { train }: Checkpoint,
    ): FitInput<B> | undefined {
      const batchSize = train?.pass?.batchSize;
      const kept = batchSize === undefined ? "stays as it is" : `is ${batchSize}, as in the checkpoint`;
      this.display.info(`Resumed fit: the batch size is not searched. It ${kept}.`);
      return batchSize === undefined
        ? undefined
        : sizedData(module, data, "batchSize").withBatchSize(batchSize);
    }

    async #find<B>(
      module: Module<object, B>,
      data: FitInput<B> | undefined,
      mode: BatchSizeMode,
    ): Promise<ReplacedData<B>> {
      const { hparams } = module;
      const isStored = getHparam(hparams, "batchSize") !== undefined;
      if (isStored) requireField(hparams, "batchSize");
      const finder = await unlessAborted(findBatchSize(this, module, data, { mode }));
      if (finder === null) return undefined;
      this.#batchSizeFinder = finder;
      const batchSize = finder.suggestion();
      if (batchSize === null) {
        this.display.warn(
          "No batch size found: not even the smallest batch fits into memory. It stays as it is.",
        );
        return undefined;
      }
      if (isStored) setHparam(hparams, "batchSize", batchSize);
      this.display.info(`Batch size set to ${batchSize} (${describe(finder, batchSize)})`);
      return sizedData(module, data, "batchSize").withBatchSize(batchSize);
    }
  }
  return mixed<TBase, BatchSizeFinderOptions, BatchSizeFinderTrainer>(Sizing);
}

function describe({ trials, reason }: BatchSizeFinder, batchSize: number): string {
  const rate = trials.find((trial) => trial.batchSize === batchSize)?.examplesPerSecond ?? 0;
  const largest = trials.at(-1)?.batchSize ?? batchSize;
  return `${Math.round(rate).toLocaleString("en")} examples/s; tried up to ${largest}, ended by ${reason}`;
}

const autoBatchSize = {
  expected: 'true, false, "power" or "binary"',
  test: (value: unknown) => typeof value === "boolean" || value === "power" || value === "binary",
};
