import type { FitInput, Module, ReplacedData, TrainerOptions, TrainerView } from "@fulmine/core";
import type { BatchSizeFinderOptions } from "./findBatchSizeOptions.js";

/** The part of a Trainer that the batch-size finder uses. */
export interface BatchSizeHost extends Pick<
  TrainerView,
  "accumulateGradBatches" | "display" | "isDevRun" | "isolated" | "resumedFrom" | "trainingOf"
> {
  readonly options: Readonly<TrainerOptions & BatchSizeFinderOptions>;
  /** Called once before each fit. */
  beforeFit<B>(module: Module<object, B>, data: FitInput<B> | undefined): Promise<ReplacedData<B>>;
}
