import type { Checkpoint } from "../checkpoint/checkpoint.js";
import type { Stage } from "../data/dataloaders.js";
import type { Optimizer } from "../optim/optimizer.js";

/** The return value of a hook. */
export type HookResult = void | Promise<void>;

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
 * The hooks of a run, as methods of a module. All are optional, and each is awaited before the run continues.
 *
 * Callbacks have the same hooks, with `(trainer, module)` before the arguments. At each hook the Trainer calls the callbacks
 * first, in their order; then the module; then callbacks with a `role`; and finally it notifies the observers of
 * `trainer.events`.
 */
export abstract class ModuleHooks {
  /** Called at the start of a run, before the dataloaders. A DataModule's `setup` is called before it. */
  setup?(stage: Stage): HookResult;
  /** Called at the end of a run, also if it failed. */
  teardown?(stage: Stage): HookResult;
  /** Called when a fit begins, after the optimizers are configured. */
  onFitStart?(): HookResult;
  /** Called when a fit ends without an error. */
  onFitEnd?(): HookResult;
  /** Called before the sanity check, which validates a few batches so that a broken validation fails before training. */
  onSanityCheckStart?(): HookResult;
  /** Called after the sanity check. Metrics logged in the check are discarded. */
  onSanityCheckEnd?(): HookResult;
  /** Called before the first epoch. */
  onTrainStart?(): HookResult;
  /** Called after the last epoch. */
  onTrainEnd?(): HookResult;
  /** Called before each training epoch. */
  onTrainEpochStart?(): HookResult;
  /** Called after each training epoch and its validation. */
  onTrainEpochEnd?(): HookResult;
  /** Called before each training batch. */
  onTrainBatchStart?(batch: unknown, batchIdx: number): HookResult;
  /** Called after each training batch, with its loss and the number of optimizer steps that it took. */
  onTrainBatchEnd?(outputs: TrainBatchOutputs, batch: unknown, batchIdx: number): HookResult;
  /** Called before the first batch of each optimizer step, where PyTorch would zero the gradients. */
  onBeforeZeroGrad?(optimizer: Optimizer): HookResult;
  /** Called before the forward and backward pass, which TensorFlow.js runs as one. */
  onBeforeBackward?(): HookResult;
  /** Called after the forward and backward pass. */
  onAfterBackward?(): HookResult;
  /** Called before an optimizer step. */
  onBeforeOptimizerStep?(optimizer: Optimizer): HookResult;
  /** Called before a validation. */
  onValidationStart?(): HookResult;
  /** Called after a validation. */
  onValidationEnd?(): HookResult;
  /** Called before the pass over the validation data. */
  onValidationEpochStart?(): HookResult;
  /** Called after the pass over the validation data. Its metrics are in `trainer.callbackMetrics`. */
  onValidationEpochEnd?(): HookResult;
  /** Called before each validation batch. */
  onValidationBatchStart?(batch: unknown, batchIdx: number): HookResult;
  /** Called after each validation batch. */
  onValidationBatchEnd?(batch: unknown, batchIdx: number): HookResult;
  /** Called before a test. */
  onTestStart?(): HookResult;
  /** Called after a test. */
  onTestEnd?(): HookResult;
  /** Called before the pass over the test data. */
  onTestEpochStart?(): HookResult;
  /** Called after the pass over the test data. Its metrics are in `trainer.callbackMetrics`. */
  onTestEpochEnd?(): HookResult;
  /** Called before each test batch. */
  onTestBatchStart?(batch: unknown, batchIdx: number): HookResult;
  /** Called after each test batch. */
  onTestBatchEnd?(batch: unknown, batchIdx: number): HookResult;
  /** Called before a prediction run. */
  onPredictStart?(): HookResult;
  /** Called after a prediction run. */
  onPredictEnd?(): HookResult;
  /** Called before the pass over the prediction data. */
  onPredictEpochStart?(): HookResult;
  /** Called after the pass over the prediction data. */
  onPredictEpochEnd?(): HookResult;
  /** Called before each prediction batch. */
  onPredictBatchStart?(batch: unknown, batchIdx: number): HookResult;
  /** Called after each prediction batch, with its predictions. */
  onPredictBatchEnd?(outputs: unknown, batch: unknown, batchIdx: number): HookResult;
  /** Called when a checkpoint is created. Add your own data to its `extra`. */
  onSaveCheckpoint?(checkpoint: Checkpoint): HookResult;
  /** Called when a checkpoint was read, before anything is restored from it. */
  onLoadCheckpoint?(checkpoint: Checkpoint): HookResult;
  /** Called when a run fails. The Trainer rethrows the error afterwards. */
  onException?(error: unknown): HookResult;
}

/** The arguments of each hook, by its name. A callback's hook also gets `(trainer, module)` before them. */
export type HookArgs = { [Name in keyof ModuleHooks]-?: Parameters<Required<ModuleHooks>[Name]> };

/** The name of a hook. */
export type HookName = keyof HookArgs;
