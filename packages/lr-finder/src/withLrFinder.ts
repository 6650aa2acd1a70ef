import type { FitInput, Module, ReplacedData } from "@fulmine/core";
import {
  findLrField,
  mixed,
  unlessAborted,
  type Mixed,
  type TrainerClass,
  type Validator,
  type Validators,
} from "@fulmine/core/plugin";
import { applySuggestion, DEV_RUN_NOTE } from "./applySuggestion.js";
import { findLr } from "./findLr.js";
import type { LrFinder } from "./lrFinder.js";
import type { LrFinderBase, LrFinderOptions } from "./lrFindHost.js";
import type { FindLrOptions } from "./options/findLrOptions.js";

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
 * await new FindingTrainer({ autoLrFind: true }).fit(model, { train });
 * ```
 */
export function withLrFinder<TBase extends TrainerClass<LrFinderBase>>(Base: TBase): WithLrFinder<TBase> {
  class Finding extends Base implements LrFinderTrainer {
    static override readonly optionEntries: Validators = { ...Base.optionEntries, autoLrFind };
    #lrFinder: LrFinder | null = null;

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
      const replaced = await super.beforeFit(module, data);
      const { autoLrFind: wanted = false } = this.options;
      if (wanted !== false) await this.#find(module, replaced ?? data, wanted === true ? undefined : wanted);
      return replaced;
    }

    async #find<B>(
      module: Module<object, B>,
      data: FitInput<B> | undefined,
      path: string | undefined,
    ): Promise<void> {
      if (this.isDevRun) {
        this.display.info(DEV_RUN_NOTE);
        return;
      }
      if (this.resumedFrom !== null) {
        this.display.info("Resumed fit: the learning rate is not searched. It is that of the checkpoint.");
        return;
      }
      const field = findLrField(module.hparams, path);
      const finder = await unlessAborted(findLr(this, module, data));
      if (finder === null) return;
      this.#lrFinder = finder;
      applySuggestion(this, finder, module.hparams, field);
      await finder.log(this.loggers, { warn: (text) => this.display.warn(text) });
    }
  }
  return mixed<TBase, LrFinderOptions, LrFinderTrainer>(Finding);
}

const autoLrFind: Validator = {
  expected: 'true, false or the path of a hyperparameter, e.g. "optim.lr"',
  test: (value) => typeof value === "boolean" || (typeof value === "string" && value !== ""),
};
