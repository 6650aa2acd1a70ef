// For authors of plug-ins: mixins, option validators, loaders, optimizers, metrics, step runners and platforms.
export type { BackboneFinetuningState } from "./callbacks/backboneFinetuning.js";
export type { BestWeightsState } from "./callbacks/bestWeights.js";
export type { EarlyStoppingState } from "./callbacks/earlyStopping.js";
export type { TfjsLogs } from "./callbacks/fromTfjsCallback.js";
export type { ModelCheckpointState } from "./callbacks/modelCheckpoint/modelCheckpoint.js";
export type { TimerState } from "./callbacks/timer.js";
export type { SavedProgress } from "./checkpoint/checkpoint.js";
export type { OwnBytes } from "./checkpoint/checkpointFile.js";
export type { BatchAssembler, BatchLoader } from "./data/loaders/batchLoader.js";
export type {
  BatchReader,
  BatchSource,
  LoaderState,
  OpenOptions,
  PassState,
  ReadBatch,
} from "./data/sources/batchSource.js";
export { counted } from "./errors/counted.js";
export { unlessAborted, type ErrorParts } from "./errors/fulmineError.js";
export type { Table } from "./data/readers/toTable.js";
export type { Label, Labels } from "./data/split/labelsBy.js";
export type { Parts, Subsettable } from "./data/split/split.js";
export type { ByOutput } from "./fromLayers/byOutput.js";
export type { ClassTable, ClassWeight, ClassWeights } from "./fromLayers/classWeights.js";
export type { LayersLoss } from "./fromLayers/layersLosses.js";
export type { FullLossName, LayersLossName } from "./fromLayers/lossNames.js";
export type { LossChoice } from "./fromLayers/lossesFor.js";
export type { SymbolicTensorLike } from "./fromLayers/layersModelLike.js";
export type { LayersModuleParts, OutputScoring } from "./fromLayers/layersModule.js";
export type { MetricChoice, NamedMetric, UnnamedMetrics } from "./fromLayers/metricsFor.js";
export type { OptimizerName } from "./fromLayers/optimizerFor.js";
export type { HookResult, ModuleHooks } from "./hooks/moduleHooks.js";
export type { HookEvents, HookListener } from "./hooks/observers.js";
export type { MetricEntry, MetricPhase, MetricSnapshot, MetricStore } from "./loggers/metricStore.js";
export type { Measure, MetricRule } from "./metrics/accumulation.js";
export type { ScoredBatch, ScoredBatches } from "./metrics/auroc.js";
export type { ClassCounts } from "./metrics/classCounts.js";
export type { SumAndCount } from "./metrics/meanRule.js";
export type { R2Sums } from "./metrics/regression.js";
export { StreamingMetric } from "./metrics/streamingMetric.js";
export { findHparam, findLrField, getHparam, setHparam, type HparamSearch } from "./module/hparams.js";
export type { ModuleVariables } from "./module/moduleVariables.js";
export type { Training } from "./module/trainerView.js";
export { makeOptimizer, type OptimizerOptions } from "./optim/makeOptimizer.js";
export type {
  OptimizerSnapshot,
  OptimizerStateDict,
  SavedTensor,
  SlotNames,
} from "./optim/optimizerState.js";
export type { PlannedStep } from "./optim/plannedStep.js";
export { RuleOptimizer } from "./optim/ruleOptimizer.js";
export type { AdadeltaSettings } from "./optim/rules/adadelta.js";
export type { AdagradSettings } from "./optim/rules/adagrad.js";
export type { AdamSettings } from "./optim/rules/adam.js";
export type { AdamaxSettings } from "./optim/rules/adamax.js";
export type { NadamSettings } from "./optim/rules/nadam.js";
export type { RadamSettings } from "./optim/rules/radam.js";
export type { RmspropSettings } from "./optim/rules/rmsprop.js";
export type { SgdSettings } from "./optim/rules/sgd.js";
export type { TfjsSettings } from "./optim/tfjs/tfjsInternals.js";
export type { NamedTensors, Updated, UpdateInput, UpdateRule } from "./optim/updateRule.js";
export { checkOptions, safely } from "./options/checkOptions.js";
export {
  callable,
  count,
  finite,
  flag,
  isObject,
  nonNegativeInteger,
  number,
  oneOf,
  optional,
  orNull,
  positive,
  signal,
  text,
  unitInterval,
  type Validator,
  type Validators,
} from "./options/validators.js";
export { portablePlatform, type Platform } from "./platform/platform.js";
export type { RandomSnapshot } from "./random/randomState.js";
export type { LrSchedulerState, RunLength, ScheduleTiming } from "./schedules/lrScheduler.js";
export type { PlateauState } from "./schedules/reduceLrOnPlateau.js";
export type { PlainValue } from "./schedules/scheduleRule.js";
export type { LossAndGradients } from "./step/gradients.js";
export {
  runEagerly,
  type StepContext,
  type StepFunction,
  type StepResult,
  type StepRunner,
} from "./step/stepFunction.js";
export { disposeBatch, tensorsOf } from "./tensors/batch.js";
export { watchRows, type RowWatch } from "./tensors/watchRows.js";
export { mixed, type Constructor, type Mixed, type OptionsOf, type TrainerClass } from "./trainer/mixin.js";
export type { TrainerBase } from "./trainer/trainerBase.js";
