import { type Callback, type HookName } from "@fulmine/core";

const names: readonly HookName[] = [
  ...(["setup", "teardown", "onException", "onSaveCheckpoint", "onLoadCheckpoint"] as const),
  ...(["onFitStart", "onFitEnd", "onSanityCheckStart", "onSanityCheckEnd"] as const),
  ...(["onTrainStart", "onTrainEnd", "onTrainEpochStart", "onTrainEpochEnd"] as const),
  ...(["onTrainBatchStart", "onTrainBatchEnd", "onBeforeZeroGrad", "onBeforeBackward"] as const),
  ...(["onAfterBackward", "onBeforeOptimizerStep"] as const),
  ...(["onValidationStart", "onValidationEpochStart", "onValidationBatchStart"] as const),
  ...(["onValidationBatchEnd", "onValidationEpochEnd", "onValidationEnd"] as const),
  ...(["onTestStart", "onTestEpochStart", "onTestBatchStart"] as const),
  ...(["onTestBatchEnd", "onTestEpochEnd", "onTestEnd"] as const),
  ...(["onPredictStart", "onPredictEpochStart", "onPredictBatchStart"] as const),
  ...(["onPredictBatchEnd", "onPredictEpochEnd", "onPredictEnd"] as const),
];

/** Every hook, which writes its name to a list, and fails where it is told to. */
export function recordHooks(trace: string[], failAt?: HookName): Callback {
  const hook = (name: HookName) => () => {
    trace.push(name);
    if (name === failAt) throw new Error(`broken at ${name}`);
  };
  return Object.fromEntries(names.map((name) => [name, hook(name)]));
}
