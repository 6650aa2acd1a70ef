import type { HookArgs } from "./hookArgs.js";

type Done = void | Promise<void>;

/** The hooks that a module may define, by Lightning's names; see {@link HookArgs} for when they are called. */
export abstract class ModuleHooks {
  setup?(...args: HookArgs["setup"]): Done;
  teardown?(...args: HookArgs["teardown"]): Done;
  onFitStart?(...args: HookArgs["onFitStart"]): Done;
  onFitEnd?(...args: HookArgs["onFitEnd"]): Done;
  onSanityCheckStart?(...args: HookArgs["onSanityCheckStart"]): Done;
  onSanityCheckEnd?(...args: HookArgs["onSanityCheckEnd"]): Done;
  onTrainStart?(...args: HookArgs["onTrainStart"]): Done;
  onTrainEnd?(...args: HookArgs["onTrainEnd"]): Done;
  onTrainEpochStart?(...args: HookArgs["onTrainEpochStart"]): Done;
  onTrainEpochEnd?(...args: HookArgs["onTrainEpochEnd"]): Done;
  onTrainBatchStart?(...args: HookArgs["onTrainBatchStart"]): Done;
  onTrainBatchEnd?(...args: HookArgs["onTrainBatchEnd"]): Done;
  onBeforeZeroGrad?(...args: HookArgs["onBeforeZeroGrad"]): Done;
  onBeforeBackward?(...args: HookArgs["onBeforeBackward"]): Done;
  onAfterBackward?(...args: HookArgs["onAfterBackward"]): Done;
  onBeforeOptimizerStep?(...args: HookArgs["onBeforeOptimizerStep"]): Done;
  onValidationStart?(...args: HookArgs["onValidationStart"]): Done;
  onValidationEnd?(...args: HookArgs["onValidationEnd"]): Done;
  onValidationEpochStart?(...args: HookArgs["onValidationEpochStart"]): Done;
  onValidationEpochEnd?(...args: HookArgs["onValidationEpochEnd"]): Done;
  onValidationBatchStart?(...args: HookArgs["onValidationBatchStart"]): Done;
  onValidationBatchEnd?(...args: HookArgs["onValidationBatchEnd"]): Done;
  onTestStart?(...args: HookArgs["onTestStart"]): Done;
  onTestEnd?(...args: HookArgs["onTestEnd"]): Done;
  onTestEpochStart?(...args: HookArgs["onTestEpochStart"]): Done;
  onTestEpochEnd?(...args: HookArgs["onTestEpochEnd"]): Done;
  onTestBatchStart?(...args: HookArgs["onTestBatchStart"]): Done;
  onTestBatchEnd?(...args: HookArgs["onTestBatchEnd"]): Done;
  onPredictStart?(...args: HookArgs["onPredictStart"]): Done;
  onPredictEnd?(...args: HookArgs["onPredictEnd"]): Done;
  onPredictEpochStart?(...args: HookArgs["onPredictEpochStart"]): Done;
  onPredictEpochEnd?(...args: HookArgs["onPredictEpochEnd"]): Done;
  onPredictBatchStart?(...args: HookArgs["onPredictBatchStart"]): Done;
  onPredictBatchEnd?(...args: HookArgs["onPredictBatchEnd"]): Done;
  onSaveCheckpoint?(...args: HookArgs["onSaveCheckpoint"]): Done;
  onLoadCheckpoint?(...args: HookArgs["onLoadCheckpoint"]): Done;
  onException?(...args: HookArgs["onException"]): Done;
}
