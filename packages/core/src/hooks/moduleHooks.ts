import type { HookArgs } from "./hookArgs.js";

type Done = void | Promise<void>;

/** The hooks that a module may define, by Lightning's names; see {@link HookArgs} for when they are called. */
export abstract class ModuleHooks {
  /** Before anything else of a run. */
  setup?(...args: HookArgs["setup"]): Done;
  /** After everything else of a run, whether it succeeded or failed. */
  teardown?(...args: HookArgs["teardown"]): Done;
  /** When fitting begins; the optimizers are there. */
  onFitStart?(...args: HookArgs["onFitStart"]): Done;
  /** When fitting has ended well. */
  onFitEnd?(...args: HookArgs["onFitEnd"]): Done;
  /** Before a few held-out batches are tried, so that a broken validation shows before the first epoch and not after. */
  onSanityCheckStart?(...args: HookArgs["onSanityCheckStart"]): Done;
  /** After they were tried; what they logged is dropped. */
  onSanityCheckEnd?(...args: HookArgs["onSanityCheckEnd"]): Done;
  /** Before the first epoch. */
  onTrainStart?(...args: HookArgs["onTrainStart"]): Done;
  /** After the last epoch. */
  onTrainEnd?(...args: HookArgs["onTrainEnd"]): Done;
  /** Before each epoch. */
  onTrainEpochStart?(...args: HookArgs["onTrainEpochStart"]): Done;
  /** After each epoch and its validation. */
  onTrainEpochEnd?(...args: HookArgs["onTrainEpochEnd"]): Done;
  /** Before each training batch. */
  onTrainBatchStart?(...args: HookArgs["onTrainBatchStart"]): Done;
  /** After each training batch, with its loss. */
  onTrainBatchEnd?(...args: HookArgs["onTrainBatchEnd"]): Done;
  /** Before the gradients of the last step are dropped. */
  onBeforeZeroGrad?(...args: HookArgs["onBeforeZeroGrad"]): Done;
  /** Before the forward and backward pass, which are one in TensorFlow.js. */
  onBeforeBackward?(...args: HookArgs["onBeforeBackward"]): Done;
  /** After the forward and backward pass. */
  onAfterBackward?(...args: HookArgs["onAfterBackward"]): Done;
  /** Before an optimizer applies its step. */
  onBeforeOptimizerStep?(...args: HookArgs["onBeforeOptimizerStep"]): Done;
  /** Before the held-out data is scored. */
  onValidationStart?(...args: HookArgs["onValidationStart"]): Done;
  /** After the held-out data was scored. */
  onValidationEnd?(...args: HookArgs["onValidationEnd"]): Done;
  /** Before the pass over the held-out data. */
  onValidationEpochStart?(...args: HookArgs["onValidationEpochStart"]): Done;
  /** After the pass over the held-out data; its metrics are in `trainer.callbackMetrics`. */
  onValidationEpochEnd?(...args: HookArgs["onValidationEpochEnd"]): Done;
  /** Before each held-out batch. */
  onValidationBatchStart?(...args: HookArgs["onValidationBatchStart"]): Done;
  /** After each held-out batch. */
  onValidationBatchEnd?(...args: HookArgs["onValidationBatchEnd"]): Done;
  /** Before test data is scored. */
  onTestStart?(...args: HookArgs["onTestStart"]): Done;
  /** After test data was scored. */
  onTestEnd?(...args: HookArgs["onTestEnd"]): Done;
  /** Before the pass over the test data. */
  onTestEpochStart?(...args: HookArgs["onTestEpochStart"]): Done;
  /** After the pass over the test data; its metrics are in `trainer.callbackMetrics`. */
  onTestEpochEnd?(...args: HookArgs["onTestEpochEnd"]): Done;
  /** Before each test batch. */
  onTestBatchStart?(...args: HookArgs["onTestBatchStart"]): Done;
  /** After each test batch. */
  onTestBatchEnd?(...args: HookArgs["onTestBatchEnd"]): Done;
  /** Before predictions are made. */
  onPredictStart?(...args: HookArgs["onPredictStart"]): Done;
  /** After predictions were made. */
  onPredictEnd?(...args: HookArgs["onPredictEnd"]): Done;
  /** Before the pass over the data to predict. */
  onPredictEpochStart?(...args: HookArgs["onPredictEpochStart"]): Done;
  /** After the pass over the data to predict. */
  onPredictEpochEnd?(...args: HookArgs["onPredictEpochEnd"]): Done;
  /** Before each batch to predict. */
  onPredictBatchStart?(...args: HookArgs["onPredictBatchStart"]): Done;
  /** After each batch to predict. */
  onPredictBatchEnd?(...args: HookArgs["onPredictBatchEnd"]): Done;
  /** When a checkpoint is made; what is put into its `extra` is saved with it. */
  onSaveCheckpoint?(...args: HookArgs["onSaveCheckpoint"]): Done;
  /** When a checkpoint has been read, before anything of it is restored. */
  onLoadCheckpoint?(...args: HookArgs["onLoadCheckpoint"]): Done;
  /** When a run fails; the error is thrown on after it. */
  onException?(...args: HookArgs["onException"]): Done;
}
