import type { LoaderState } from "../data/sources/batchSource.js";
import type { MetricSnapshot } from "../loggers/metricStore.js";
import type { OptimizerStateDict, SavedTensor } from "../optim/optimizerState.js";
import type { RandomSnapshot } from "../random/randomState.js";
import type { LrSchedulerState } from "../schedules/lrScheduler.js";

/** The Trainer's counters, random state and metrics. */
export interface SavedProgress {
  /** Number of completed epochs. */
  readonly currentEpoch: number;
  /** Number of completed batches of the current epoch. */
  readonly batchIdx: number;
  /** Number of optimizer steps taken. */
  readonly globalStep: number;
  /** The part of the current epoch that is done, apart from its batches. */
  readonly phase: "starting" | "training" | "trained" | "ended";
  /** Whether a validation is due before anything else. */
  readonly isValidationPending: boolean;
  /** Number of batches per optimizer step. */
  readonly accumulateGradBatches: number;
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
