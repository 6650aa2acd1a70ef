import type { HookArgs } from "./hookArgs.js";

type Done = void | Promise<void>;

/** The hooks that a module may define, by Lightning's names; see {@link HookArgs} for when they are called. */
export abstract class ModuleHooks {
  setup?(...args: HookArgs["setup"]): Done;
  teardown?(...args: HookArgs["teardown"]): Done;
  onFitStart?(...args: HookArgs["onFitStart"]): Done;
  onFitEnd?(...args: HookArgs["onFitEnd"]): Done;
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
  onException?(...args: HookArgs["onException"]): Done;
}
