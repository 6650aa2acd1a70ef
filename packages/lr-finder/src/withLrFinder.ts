import {
  findLrField,
  type Constructor,
  type FitInput,
  type Module,
  type ReplacedData,
  type OptionsOf,
  type Validator,
  type Validators,
} from "@fulmine/core";
import { applySuggestion } from "./applySuggestion.js";
import { findLr } from "./findLr.js";
import { DEV_RUN_NOTE, findLrInFit } from "./findLrInFit.js";
import type { FindLrOptions } from "./findLrOptions.js";
import type { LrFinder } from "./lrFinder.js";
import type { LrFindHost, LrFindHostClass } from "./lrFindHost.js";

/** What the finder adds to a Trainer's options. */
export interface LrFinderOptions {
  /**
   * Whether `fit` finds the learning rate first: `true` writes it to `hparams.lr`, else `hparams.learningRate`; a path
   * such as `"optim.lr"` names the field. @defaultValue false
   */
  readonly autoLrFind?: boolean | string;
}

/** What the finder adds to a Trainer. */
export interface LrFinderTrainer {
  /** The last search that `fit` made by itself, `null` before there was one. */
  readonly lrFinder: LrFinder | null;
  /**
   * Sweeps the learning rate and leaves everything as it was; see {@link findLr}.
   *
   * @param data - The data to train on; left out, that of the running fit or the module's own dataloaders.
   */
  findLr<B>(module: Module<object, B>, data?: FitInput<B>, options?: FindLrOptions): Promise<LrFinder>;
}

/** A Trainer's class with the finder. */
export type WithLrFinder<TBase extends Constructor<LrFindHost>> = Omit<TBase, "prototype"> &
  (new (options?: OptionsOf<TBase> & LrFinderOptions) => InstanceType<TBase> & LrFinderTrainer);

/**
 * Adds the learning-rate finder to a Trainer: the option `autoLrFind` and the method `findLr`.
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
    static override readonly optionEntries: Validators = { ...Base.optionEntries, autoLrFind };
    readonly #field: string | boolean;
    readonly #isDevRun: boolean;
    #lrFinder: LrFinder | null = null;

    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mixin's constructor must be written so
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
      const finder = await findLrInFit(this, module, data);
      if (finder === null) return;
      this.#lrFinder = finder;
      applySuggestion(this, finder, module.hparams, field);
      await finder.log(this.loggers, { warn: (text) => this.display.warn(text) });
    }
  }
  return Finding as unknown as WithLrFinder<TBase>;
}

const autoLrFind: Validator = {
  expected: 'true, false or the path of a hyperparameter, e.g. "optim.lr"',
  test: (value) => typeof value === "boolean" || (typeof value === "string" && value !== ""),
};
