import type {
  Display,
  FitInput,
  IsolatedOptions,
  Logger,
  Module,
  ReplacedData,
  Requirements,
  TrainerOptions,
  Trial,
} from "@fulmine/core";

/** The part of a Trainer that the finder needs. */
export interface LrFindHost {
  /** Shows messages and progress lines to the user. */
  readonly display: Display;
  /** The Trainer's options; the finder reads `onProgress`. */
  readonly options: Pick<TrainerOptions, "onProgress">;
  /** The loggers of the Trainer. */
  readonly loggers: readonly Logger[];
  /** Runs `body` in isolation, then restores the module, the Trainer and the data. */
  isolated<B, T>(
    module: Module<object, B>,
    data: FitInput<B> | undefined,
    body: (trial: Trial) => Promise<T>,
    options?: IsolatedOptions,
  ): Promise<T>;
  /** Called by `fit` before training; the finder searches here. */
  beforeFit<B>(module: Module<object, B>, data: FitInput<B> | undefined): Promise<ReplacedData<B>>;
}

/** The static part of a Trainer class that the finder needs. */
export interface LrFindHostClass {
  /** The validators of the options by name. */
  readonly optionEntries: Requirements;
}
