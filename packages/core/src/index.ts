export { disposeBatch, tensorsOf, type Batch } from "./tensors/batch.js";
export type { Callback } from "./module/callback.js";
export { BackboneFinetuning, type BackboneFinetuningOptions } from "./callbacks/backboneFinetuning.js";
export { EarlyStopping, type EarlyStoppingOptions } from "./callbacks/earlyStopping.js";
export { fromTfjsCallback } from "./callbacks/fromTfjsCallback.js";
export {
  GradientAccumulationScheduler,
  type GradientAccumulationSchedulerOptions,
} from "./callbacks/gradientAccumulationScheduler.js";
export { LearningRateMonitor, type LearningRateMonitorOptions } from "./callbacks/learningRateMonitor.js";
export { ModelCheckpoint } from "./callbacks/modelCheckpoint/modelCheckpoint.js";
export type { ModelCheckpointOptions } from "./callbacks/modelCheckpoint/modelCheckpointOptions.js";
export { ModelSummary } from "./callbacks/modelSummary.js";
export type { MonitorMode } from "./callbacks/monitor.js";
export { ProgressBar } from "./callbacks/progress.js";
export type { TfjsCallback, TfjsLogs } from "./callbacks/fromTfjsCallback.js";
export { Timer, type TimedStage, type TimerOptions } from "./callbacks/timer.js";
export { WeightAveraging, type WeightAveragingOptions } from "./callbacks/weightAveraging.js";
export type { Checkpoint, SavedProgress } from "./checkpoint/checkpoint.js";
export { decodeCheckpoint, encodeCheckpoint } from "./checkpoint/checkpointFile.js";
export type { Constructor, OptionsOf } from "./trainer/mixin.js";
export type { BatchLoader } from "./data/loaders/batchLoader.js";
export type {
  BatchReader,
  BatchSource,
  LoaderState,
  OpenOptions,
  PassState,
  ReadBatch,
} from "./data/sources/batchSource.js";
export { DataLoader, type DataLoaderOptions, type NamedBatch } from "./data/loaders/dataLoader.js";
export { DataModule } from "./data/dataModule.js";
export type { Field, NumberArray, ShapedValues } from "./data/field.js";
export type { LoaderOptions, Sampler } from "./data/loaders/loaderOptions.js";
export type { Transform } from "./data/loaders/transform.js";
export { readCsv, type CsvOptions, type CsvTable, type LabelledFields } from "./data/readers/readCsv.js";
export { readIdx } from "./data/readers/readIdx.js";
export { readNpy } from "./data/readers/readNpy.js";
export type { Dataloaders, FitData, FitInput, ReplacedData, Stage } from "./data/dataloaders.js";
export { SampleLoader, type SampleLoaderOptions, type Samples } from "./data/loaders/sampleLoader.js";
export type { DatasetLike } from "./data/sources/tappedSource.js";
export type { DataSource } from "./data/sources/toBatchSource.js";
export { withVariableShapes } from "./data/sources/withVariableShapes.js";
export { consoleDisplay, silentDisplay, type Display, type ProgressLine } from "./platform/display.js";
export type { Files } from "./platform/platform.js";
export type { FitResult } from "./loops/fit.js";
export { fromLayers, type FromLayersOptions } from "./fromLayers/fromLayers.js";
export type { LayersBatch, TensorsOf } from "./fromLayers/layersBatch.js";
export type { LayersModelLike } from "./fromLayers/layersModelLike.js";
export { LayersModule } from "./fromLayers/layersModule.js";
export { FulmineError, type ErrorCode, type ErrorCodes, type ErrorParts } from "./errors/fulmineError.js";
export type { HookArgs, HookName, TrainBatchOutputs } from "./hooks/moduleHooks.js";
export { findLrField, getHparam, setHparam } from "./module/hparams.js";
export type { BranchOptions, IsolatedOptions, Trial } from "./module/trial.js";
export type { Training, TrainerView } from "./module/trainerView.js";
export { ConsoleLogger } from "./loggers/consoleLogger.js";
export { HistoryLogger } from "./loggers/historyLogger.js";
export type { Logger, Metrics, RunStatus } from "./loggers/logger.js";
export type { LogOptions, MetricStore } from "./loggers/metricStore.js";
export type { LossAndGradients } from "./step/gradients.js";
export {
  runEagerly,
  type StepContext,
  type StepFunction,
  type StepResult,
  type StepRunner,
} from "./step/stepFunction.js";
export { accuracy, topKAccuracy } from "./metrics/accuracy.js";
export { auroc } from "./metrics/auroc.js";
export type { AverageOptions } from "./metrics/classCounts.js";
export { f1, precision, recall } from "./metrics/precisionRecall.js";
export type { LabelOptions } from "./metrics/labels.js";
export { meanAbsoluteError, meanSquaredError, r2Score } from "./metrics/regression.js";
export { StreamingMetric, type Metric } from "./metrics/streamingMetric.js";
export { perplexity, type PerplexityOptions } from "./metrics/perplexity.js";
export { Module, type ManualStepOutput, type StepOutput } from "./module/module.js";
export { findVariables, type ModuleVariables } from "./module/moduleVariables.js";
export type { Observers } from "./hooks/observers.js";
export { adadelta, type AdadeltaOptions, type AdadeltaSettings } from "./optim/rules/adadelta.js";
export { adagrad, type AdagradOptions, type AdagradSettings } from "./optim/rules/adagrad.js";
export { adam, adamw, type AdamOptions, type AdamSettings } from "./optim/rules/adam.js";
export { adamax, type AdamaxOptions, type AdamaxSettings } from "./optim/rules/adamax.js";
export { fromTfjsOptimizer } from "./optim/tfjs/fromTfjsOptimizer.js";
export { makeOptimizer, type OptimizerOptions } from "./optim/makeOptimizer.js";
export { nadam, type NadamOptions, type NadamSettings } from "./optim/rules/nadam.js";
export { Optimizer } from "./optim/optimizer.js";
export type { OptimizerSnapshot, OptimizerStateDict, SavedTensor } from "./optim/optimizerState.js";
export type { ParamGroup } from "./optim/paramGroup.js";
export type { OptimizerConfig, ScheduledOptimizer } from "./module/optimizerConfig.js";
export { radam, type RadamOptions } from "./optim/rules/radam.js";
export { rmsprop, type RmspropOptions } from "./optim/rules/rmsprop.js";
export { RuleOptimizer } from "./optim/ruleOptimizer.js";
export { sgd, type SgdOptions, type SgdSettings } from "./optim/rules/sgd.js";
export type { TfjsSettings } from "./optim/tfjs/tfjsInternals.js";
export type { NamedTensors, Updated, UpdateInput, UpdateRule } from "./optim/updateRule.js";
export type { Validator, Validators } from "./options/validators.js";
export type { TimeLimit } from "./options/timeLimit.js";
export { portablePlatform, type Platform } from "./platform/platform.js";
export type { ProgressEvents, TrainerProgress } from "./module/trainerProgress.js";
export { RandomState, type RandomSnapshot } from "./random/randomState.js";
export { seeded } from "./random/seeded.js";
export { chainedLr } from "./schedules/chainedLr.js";
export { constantLr, type ConstantLrOptions } from "./schedules/warmup.js";
export { cosineAnnealingLr, type CosineAnnealingLrOptions } from "./schedules/cosineAnnealing.js";
export {
  cosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from "./schedules/cosineAnnealing.js";
export { cyclicLr, type CyclicLrBounds, type CyclicLrOptions } from "./schedules/cyclicLr.js";
export { exponentialLr } from "./schedules/decay.js";
export { lambdaLr } from "./schedules/lambdaLr.js";
export { linearLr, type LinearLrOptions } from "./schedules/warmup.js";
export { LrScheduler, type LrSchedulerState, type ScheduleTiming } from "./schedules/lrScheduler.js";
export { multiStepLr, type MultiStepLrOptions } from "./schedules/decay.js";
export { oneCycleLr, type OneCycleLrOptions } from "./schedules/oneCycleLr.js";
export { polynomialLr, type PolynomialLrOptions } from "./schedules/decay.js";
export {
  reduceLrOnPlateau,
  type PlateauState,
  type ReduceLrOnPlateauOptions,
} from "./schedules/reduceLrOnPlateau.js";
export type {
  PlainValue,
  Scheduled,
  ScheduleInput,
  ScheduleRule,
  ScheduleStart,
} from "./schedules/scheduleRule.js";
export { sequentialLr, type SequentialLrOptions } from "./schedules/sequentialLr.js";
export { stepLr, type StepLrOptions } from "./schedules/decay.js";
export { warmupLr, type WarmupLrOptions } from "./schedules/warmup.js";
export { Trainer } from "./trainer/trainer.js";
export type { BatchLimit, TrainerOptions } from "./module/trainerOptions.js";
export type { LossChoices } from "./fromLayers/layersLosses.js";
export type { MetricChoices } from "./fromLayers/metricsFor.js";
export type { OptimizerMaker } from "./fromLayers/optimizerFor.js";
