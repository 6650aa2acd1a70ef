import type { Checkpoint } from "../checkpoint/checkpoint.js";
import type { Stage } from "../data/dataloaders.js";
import type { Optimizer } from "../optim/optimizer.js";

/** The outcome of a training batch. */
export interface TrainBatchOutputs {
  /** The batch's loss before the optimizers stepped; NaN if a manually optimized step returned none. */
  readonly loss: number;
  /**
   * Number of optimizer steps that the batch took: 0 while gradients accumulate, else 1; any number with manual
   * optimization.
   */
  readonly steps: number;
}

/**
 * The moments of a run, with what each hook is given.
 *
 * Callbacks get `(trainer, module, ...args)`, a module's own hooks `(...args)`. Callbacks are called first, in the order in
 * which they were given, then the module, then callbacks that have a `role`; each is awaited. The same moments are emitted on
 * `trainer.events`.
 */
export interface HookArgs {
  /** Before anything else of a run. */
  setup: [stage: Stage];
  /** After everything else of a run, whether it succeeded or failed. */
  teardown: [stage: Stage];
  /** When fitting begins; the optimizers are there. */
  onFitStart: [];
  /** When fitting has ended well. */
  onFitEnd: [];
  /** Before a few held-out batches are tried, so that a broken validation shows before the first epoch and not after. */
  onSanityCheckStart: [];
  /** After they were tried; what they logged is dropped. */
  onSanityCheckEnd: [];
  /** Before the first epoch. */
  onTrainStart: [];
  /** After the last epoch. */
  onTrainEnd: [];
  /** Before each epoch. */
  onTrainEpochStart: [];
  /** After each epoch and its validation. */
  onTrainEpochEnd: [];
  /** Before each training batch. */
  onTrainBatchStart: [batch: unknown, batchIdx: number];
  /** After each training batch, with its loss and the number of optimizer steps that it took. */
  onTrainBatchEnd: [outputs: TrainBatchOutputs, batch: unknown, batchIdx: number];
  /** Before the gradients of the last step are dropped. */
  onBeforeZeroGrad: [optimizer: Optimizer];
  /** Before the forward and backward pass, which are one in TensorFlow.js. */
  onBeforeBackward: [];
  /** After the forward and backward pass. */
  onAfterBackward: [];
  /** Before an optimizer applies its step. */
  onBeforeOptimizerStep: [optimizer: Optimizer];
  /** Before the held-out data is scored. */
  onValidationStart: [];
  /** After the held-out data was scored. */
  onValidationEnd: [];
  /** Before the pass over the held-out data. */
  onValidationEpochStart: [];
  /** After the pass over the held-out data; its metrics are in `trainer.callbackMetrics`. */
  onValidationEpochEnd: [];
  /** Before each held-out batch. */
  onValidationBatchStart: [batch: unknown, batchIdx: number];
  /** After each held-out batch. */
  onValidationBatchEnd: [batch: unknown, batchIdx: number];
  /** Before test data is scored. */
  onTestStart: [];
  /** After test data was scored. */
  onTestEnd: [];
  /** Before the pass over the test data. */
  onTestEpochStart: [];
  /** After the pass over the test data; its metrics are in `trainer.callbackMetrics`. */
  onTestEpochEnd: [];
  /** Before each test batch. */
  onTestBatchStart: [batch: unknown, batchIdx: number];
  /** After each test batch. */
  onTestBatchEnd: [batch: unknown, batchIdx: number];
  /** Before predictions are made. */
  onPredictStart: [];
  /** After predictions were made. */
  onPredictEnd: [];
  /** Before the pass over the data to predict. */
  onPredictEpochStart: [];
  /** After the pass over the data to predict. */
  onPredictEpochEnd: [];
  /** Before each batch to predict. */
  onPredictBatchStart: [batch: unknown, batchIdx: number];
  /** After each batch to predict. */
  onPredictBatchEnd: [outputs: unknown, batch: unknown, batchIdx: number];
  /** When a checkpoint is made; what is put into its `extra` is saved with it. */
  onSaveCheckpoint: [checkpoint: Checkpoint];
  /** When a checkpoint has been read, before anything of it is restored. */
  onLoadCheckpoint: [checkpoint: Checkpoint];
  /** When a run fails; the error is thrown on after it. */
  onException: [error: unknown];
}

/** The name of a hook. */
export type HookName = keyof HookArgs;
