import {
  findLrField,
  type Constructor,
  type FitInput,
  type Module,
  type OptionsOf,
  type ReplacedData,
  type Requirement,
  type Requirements,
} from "@fulmine/core";
import { findLr } from "./findLr.js";
import type { LrFinder } from "./lrFinder.js";
import type { LrFindHost, LrFindHostClass } from "./lrFindHost.js";
import type { FindLrOptions } from "./options/findLrOptions.js";
import { applySuggestion, DEV_RUN_NOTE, searchInFit } from "./searchInFit.js";

/** The options that the finder adds to a Trainer. */
export interface LrFinderOptions {
  /**
   * Whether `fit` searches the learning rate before it trains. `true` writes the rate to `hparams.lr`, or to
   * `hparams.learningRate` if there is no `lr`. A path such as `"optim.lr"` names another hyperparameter.
   *
   * @defaultValue false
   */
  readonly autoLrFind?: boolean | string;
}

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
export type WithLrFinder<TBase extends Constructor<LrFindHost>> = Omit<TBase, "prototype"> &
  (new (options?: OptionsOf<TBase> & LrFinderOptions) => InstanceType<TBase> & LrFinderTrainer);

/**
 * Adds the learning-rate finder to a Trainer class: the option `autoLrFind`, the method `findLr` and the property `lrFinder`.
 *
 * @example
 * ```ts
 * const FindingTrainer = withLrFinder(Trainer);
 * await new FindingTrainer({ autoLrFind: true }).fit(model, { train });
 * ```
 */
export function withLrFinder<TBase extends Constructor<LrFindHost> & LrFindHostClass>(
  Base: TBase,
): WithLrFinder<TBase> {
  class Finding extends Base implements LrFinderTrainer {
    static override readonly optionEntries: Requirements = { ...Base.optionEntries, autoLrFind };
    readonly #field: string | boolean;
    readonly #isDevRun: boolean;
    #lrFinder: LrFinder | null = null;

    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- TypeScript requires this signature in a mixin
    constructor(...args: any[]) {
      super(...(args as unknown[]));
      const options = args[0] as (LrFinderOptions & { readonly fastDevRun?: boolean | number }) | undefined;
      this.#field = options?.autoLrFind ?? false;
      this.#isDevRun = (options?.fastDevRun ?? false) !== false;
    }

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
      if (this.#field !== false) await this.#find(module, replaced ?? data);
      return replaced;
    }

    async #find<B>(module: Module<object, B>, data: FitInput<B> | undefined): Promise<void> {
      if (this.#isDevRun) {
        this.display.info(DEV_RUN_NOTE);
        return;
      }
      const field = findLrField(module.hparams, typeof this.#field === "string" ? this.#field : undefined);
      const finder = await searchInFit(this, module, data);
      if (finder === null) return;
      this.#lrFinder = finder;
      applySuggestion(this, finder, module.hparams, field);
      await finder.log(this.loggers, { warn: (text) => this.display.warn(text) });
    }
  }
  return Finding as unknown as WithLrFinder<TBase>;
}

const autoLrFind: Requirement = {
  words: 'true, false or the path of a hyperparameter, e.g. "optim.lr"',
  holds: (value) => typeof value === "boolean" || (typeof value === "string" && value !== ""),
};
