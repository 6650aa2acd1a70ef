import type { FitInput, Module, ReplacedData, TrainerOptions, TrainerView } from "@fulmine/core";
import type { Training } from "@fulmine/core/plugin";
import type { AutoLrFindOptions } from "./options/autoLrFindOptions.js";

/** The options that the finder adds to a Trainer. */
export interface LrFinderOptions {
  /**
   * Whether `fit` searches the learning rate before it trains. `true` writes the rate to `hparams.lr`, or to
   * `hparams.learningRate` if there is no `lr`. A path such as `"optim.lr"` names another hyperparameter. An object has the
   * options of the search: `{ field: "optim.lr", refine: true }`. A warning says if the optimizer does not use the
   * hyperparameter. A fit that resumes from a checkpoint keeps the checkpoint's rate and does not search.
   *
   * @defaultValue false
   */
  readonly autoLrFind?: boolean | string | AutoLrFindOptions;
}

/** The part of a Trainer that a search needs. */
export interface LrFindHost extends Pick<TrainerView, "display" | "isolated" | "loggers"> {
  /** The Trainer's options; a search reads `onProgress`. */
  readonly options: Pick<TrainerOptions, "onProgress">;
}

/** The part of a Trainer that the mixin extends. */
export interface LrFinderBase extends LrFindHost, Pick<TrainerView, "isDevRun" | "resumedFrom"> {
  readonly options: Readonly<TrainerOptions & LrFinderOptions>;
  /** Called by `fit` before training; the finder searches here. */
  beforeFit<B>(module: Module<object, B>, data: FitInput<B> | undefined): Promise<ReplacedData<B>>;
  /** Called by `fit` once the optimizers are configured; the finder checks here that they use its result. */
  afterConfigure<B>(module: Module<object, B>, configured: Training): Promise<void>;
}
