import type {
  Display,
  FitInput,
  IsolatedOptions,
  Logger,
  Module,
  ReplacedData,
  Validators,
  TrainerOptions,
  Trial,
} from "@fulmine/core";

/** What the finder needs of a Trainer. */
export interface LrFindHost {
  /** Where it speaks to a person. */
  readonly display: Display;
  /** Of its options, who is told of progress. */
  readonly options: Pick<TrainerOptions, "onProgress">;
  /** Where its numbers go. */
  readonly loggers: readonly Logger[];
  /** Runs something and puts everything back. */
  isolated<B, T>(
    module: Module<object, B>,
    data: FitInput<B> | undefined,
    body: (trial: Trial) => Promise<T>,
    options?: IsolatedOptions,
  ): Promise<T>;
  /** The moment before training, in which the rate is found. */
  beforeFit<B>(module: Module<object, B>, data: FitInput<B> | undefined): Promise<ReplacedData<B>>;
}

/** What the finder needs of a Trainer's class. */
export interface LrFindHostClass {
  readonly optionEntries: Validators;
}
