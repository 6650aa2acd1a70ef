import type { FitInput, Module, ReplacedData, TrainerOptions, TrainerView } from "@fulmine/core";

/** The options that the finder adds to a Trainer. */
export interface LrFinderOptions {
  /**
   * Whether `fit` searches the learning rate before it trains. `true` writes the rate to `hparams.lr`, or to
   * `hparams.learningRate` if there is no `lr`. A path such as `"optim.lr"` names another hyperparameter.
   * A fit that resumes from a checkpoint keeps the checkpoint's rate and does not search.
   *
   * @defaultValue false
   */
  readonly autoLrFind?: boolean | string;
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
}
