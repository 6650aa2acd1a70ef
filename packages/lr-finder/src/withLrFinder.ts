import type { FitInput, Module, ReplacedData } from "@fulmine/core";
import {
  findLrField,
  getHparam,
  mixed,
  unlessAborted,
  type Mixed,
  type TrainerClass,
  type Training,
  type Validators,
} from "@fulmine/core/plugin";
import { applySuggestion, DEV_RUN_NOTE, warnIfAborted } from "./applySuggestion.js";
import { findLr, search } from "./findLr.js";
import type { LrFinder } from "./lrFinder.js";
import type { LrFinderBase, LrFinderOptions } from "./lrFindHost.js";
import { autoLrFindOption, wantedSearch, type WantedSearch } from "./options/autoLrFindOptions.js";
import type { FindLrOptions } from "./options/findLrOptions.js";
import { chooseOptimizer } from "./sweep/sweep.js";

/** The members that the finder adds to a Trainer. */
export interface LrFinderTrainer {
  /** The last search of `fit`; null before the first search. */
  readonly lrFinder: LrFinder | null;
  /**
   * Searches a learning rate and restores everything; see {@link findLr}.
   *
   * @param data - The training data. @defaultValue the data of the running fit, or the module's own data loaders
   */
  findLr<B>(module: Module<object, B>, data?: FitInput<B>, options?: FindLrOptions): Promise<LrFinder>;
}

/** A Trainer class with the finder. */
export type WithLrFinder<TBase extends TrainerClass<LrFinderBase>> = Mixed<
  TBase,
  LrFinderOptions,
  LrFinderTrainer
>;

/**
 * Adds the learning-rate finder to a Trainer class: the option `autoLrFind`, the method `findLr` and the property `lrFinder`.
 *
 * @example
 * ```ts
 * const FindingTrainer = withLrFinder(Trainer);
 * await new FindingTrainer({ autoLrFind: { field: "optim.lr", refine: true } }).fit(model, { train, val });
 * ```
 */
export function withLrFinder<TBase extends TrainerClass<LrFinderBase>>(Base: TBase): WithLrFinder<TBase> {
  class Finding extends Base implements LrFinderTrainer {
    static override readonly optionEntries: Validators = {
      ...Base.optionEntries,
      autoLrFind: autoLrFindOption,
    };
    #lrFinder: LrFinder | null = null;
    /** Warns if the optimizers of this fit do not use the found rate. */
    #checkUse: ((configured: Training) => Promise<void>) | null = null;

    get lrFinder(): LrFinder | null {
      return this.#lrFinder;
    }

    findLr<B>(module: Module<object, B>, data?: FitInput<B>, options?: FindLrOptions): Promise<LrFinder> {
      return findLr(this, module, data, options);
    }

    override async beforeFit<B>(
      module: Module<object, B>,
      data: FitInput<B> | undefined,
    ): Promise<ReplacedData<B>> {
      this.#checkUse = null;
      const replaced = await super.beforeFit(module, data);
      const wanted = wantedSearch(this.options.autoLrFind ?? false);
      if (wanted !== null) await this.#find(module, replaced ?? data, wanted);
      return replaced;
    }

    override async afterConfigure<B>(module: Module<object, B>, configured: Training): Promise<void> {
      await super.afterConfigure(module, configured);
      await this.#checkUse?.(configured);
      this.#checkUse = null;
    }

    async #find<B>(
      module: Module<object, B>,
      data: FitInput<B> | undefined,
      { field: path, options }: WantedSearch,
    ): Promise<void> {
      if (this.isDevRun) {
        this.display.info(DEV_RUN_NOTE);
        return;
      }
      if (this.resumedFrom !== null) {
        this.display.info("Resumed fit: the learning rate is not searched. It is that of the checkpoint.");
        return;
      }
      const { hparams } = module;
      const field = findLrField(hparams, path);
      const given = getHparam(hparams, field);
      const result = await unlessAborted(search(this, module, data, options));
      if (result === null) {
        warnIfAborted(this, options, hparams, field);
        return;
      }
      const { finder, before } = result;
      this.#lrFinder = finder;
      const lr = applySuggestion(this, finder, hparams, field);
      if (lr !== null && lr !== given) {
        this.#checkUse = async ({ optimizers, schedulers }) => {
          const { ratesAfter, unusedField } = await import("./plannedRates.js");
          const swept = chooseOptimizer(optimizers, options.optimizer);
          const unused = unusedField(before, ratesAfter(swept, schedulers), field);
          if (unused !== null) this.display.warn(unused);
        };
      }
      await finder.log(this.loggers, { warn: (text) => this.display.warn(text) });
    }
  }
  return mixed<TBase, LrFinderOptions, LrFinderTrainer>(Finding);
}
