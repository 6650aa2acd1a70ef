import type { LoaderState } from "../data/batchSource.js";
import type { MetricSnapshot } from "../loggers/metricStore.js";
import type { OptimizerStateDict, SavedTensor } from "../optim/optimizerStateDict.js";
import type { RandomSnapshot } from "../random/randomState.js";
import type { LrSchedulerState } from "../schedules/lrScheduler.js";
import type { TrainerState } from "../run/trainerState.js";

/** Where a Trainer stood. */
export interface SavedProgress extends Pick<
  TrainerState,
  "currentEpoch" | "batchIdx" | "phase" | "isValidationPending" | "globalStep" | "accumulateGradBatches"
> {
  /** Whether schedules wait for a validation before they move; earlier versions saved no such thing. */
  readonly isSchedulePending?: boolean;
  /** Where chance stood. */
  readonly random: RandomSnapshot;
  /** What was logged so far. */
  readonly metrics: MetricSnapshot;
}

/** Everything that a training needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** The version of this form. */
  readonly version: 1;
  /** The module's hyperparameters. */
  readonly hparams: object;
  /**
   * All variables, trainable or not, in the order in which the module holds them, and after them the states of its stateful
   * recurrent layers.
   */
  readonly variables: readonly { readonly name: string; readonly value: SavedTensor }[];
  /** The optimizers' states. */
  readonly optimizers: readonly OptimizerStateDict[];
  /** The schedules' states. */
  readonly schedulers: readonly LrSchedulerState[];
  /** The loops' counters, metrics and chance. */
  readonly progress: SavedProgress;
  /** Where the training data stood, `null` when its source keeps no such state. */
  readonly train: LoaderState | null;
  /** Where the held-out data stood, `null` when there is none or its source keeps no such state. */
  readonly val: LoaderState | null;
  /** The callbacks' states by their keys. */
  readonly callbacks: Readonly<Record<string, unknown>>;
  /**
   * For modules and callbacks: plain data that they put here in `onSaveCheckpoint` is there again in `onLoadCheckpoint`.
   */
  readonly extra: Record<string, unknown>;
}
