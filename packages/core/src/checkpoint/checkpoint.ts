import type { LoaderState } from "../data/sources/batchSource.js";
import type { EpochRecord } from "../loggers/epochRecord.js";
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
  /** The part of the current epoch that is complete. */
  readonly phase: "starting" | "training" | "trained" | "ended";
  /** Whether a validation is the next thing to run. */
  readonly isValidationPending: boolean;
  /** Number of batches per optimizer step. */
  readonly accumulateGradBatches: number;
  /** Whether schedules wait for a validation before they step. Checkpoints of earlier versions do not have it. */
  readonly isSchedulePending?: boolean;
  /** What the epochs have measured. Checkpoints of earlier versions do not have it. */
  readonly history?: readonly EpochRecord[];
  /** The learning rates at the start of the current epoch, by name. Checkpoints of earlier versions do not have them. */
  readonly epochRates?: Readonly<Record<string, number>>;
  /** The state of the Trainer's random generator. */
  readonly random: RandomSnapshot;
  /** The logged metrics. */
  readonly metrics: MetricSnapshot;
}

/** The complete state of a fit. A fit that resumes from it takes the same steps as one that was not interrupted. */
export interface Checkpoint {
  /** The version of this format. */
  readonly version: 1;
  /** The module's hyperparameters. */
  readonly hparams: object;
  /** The module's variables, trainable or not, in the module's order, and then the states of its stateful layers. */
  readonly variables: readonly { readonly name: string; readonly value: SavedTensor }[];
  /** The optimizers' states. */
  readonly optimizers: readonly OptimizerStateDict[];
  /** The schedules' states. */
  readonly schedulers: readonly LrSchedulerState[];
  /** The Trainer's counters, random state and metrics. */
  readonly progress: SavedProgress;
  /** The state of the training data; `null` if its source has none. */
  readonly train: LoaderState | null;
  /** The state of the validation data; `null` if there is none or its source has no state. */
  readonly val: LoaderState | null;
  /** The callbacks' states by their `stateKey`. */
  readonly callbacks: Readonly<Record<string, unknown>>;
  /** Plain data of modules and callbacks: they can write it in `onSaveCheckpoint` and read it in `onLoadCheckpoint`. */
  readonly extra: Record<string, unknown>;
}
