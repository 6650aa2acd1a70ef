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
export type { Constructor, OptionsOf } from "./trainer/constructor.js";
export type { BatchLoader } from "./data/batchLoader.js";
export type {
  BatchReader,
  BatchSource,
  LoaderState,
  OpenOptions,
  PassState,
  ReadBatch,
} from "./data/batchSource.js";
export { DataLoader, type DataLoaderOptions, type NamedBatch } from "./data/dataLoader.js";
export { DataModule } from "./data/dataModule.js";
export type { Field, NumberArray, ShapedValues } from "./data/field.js";
export type { LoaderOptions, Sampler, Transform } from "./data/loaderOptions.js";
export { readCsv, type CsvOptions, type CsvTable, type LabelledFields } from "./data/readers/readCsv.js";
export { readIdx } from "./data/readers/readIdx.js";
export { readNpy } from "./data/readers/readNpy.js";
export type { Dataloaders, FitData, FitInput, ReplacedData, Stage } from "./data/dataloaders.js";
export { SampleLoader, type SampleLoaderOptions, type Samples } from "./data/sampleLoader.js";
export type { DatasetLike } from "./data/tappedSource.js";
export type { DataSource } from "./data/toBatchSource.js";
export { withVariableShapes } from "./data/withVariableShapes.js";
export { consoleDisplay, silentDisplay, type Display, type ProgressLine } from "./platform/display.js";
export type { Files } from "./platform/platform.js";
export { fromLayers, type FromLayersOptions } from "./fromLayers/fromLayers.js";
export type { LayersBatch, TensorsOf } from "./fromLayers/layersBatch.js";
export type { LayersModelLike } from "./fromLayers/layersModelLike.js";
export { LayersModule } from "./fromLayers/layersModule.js";
export { FulmineError, type ErrorCode, type ErrorCodes, type ErrorParts } from "./errors/fulmineError.js";
export type { HookArgs, HookName, TrainBatchOutputs } from "./hooks/hookArgs.js";
export { findLrField, getHparam, setHparam } from "./module/hparams.js";
export type { BranchOptions, IsolatedOptions, Trial } from "./module/trial.js";
export type { Training, TrainerView } from "./module/trainerView.js";
export { ConsoleLogger } from "./loggers/consoleLogger.js";
export { HistoryLogger } from "./loggers/historyLogger.js";
export type { Logger, Metrics, RunStatus } from "./loggers/logger.js";
export type { LogOptions, MetricStore } from "./loggers/metricStore.js";
export type { FitResult } from "./loops/fit.js";
export type { LossAndGradients } from "./step/gradients.js";
export {
  runEagerly,
  type StepContext,
  type StepFunction,
  type StepResult,
  type StepRunner,
} from "./step/stepFunction.js";
export { accuracy } from "./metrics/accuracy.js";
export { auroc } from "./metrics/auroc.js";
export type { AverageOptions } from "./metrics/classCounts.js";
export { f1 } from "./metrics/f1.js";
export type { LabelOptions } from "./metrics/labels.js";
export { meanAbsoluteError } from "./metrics/meanAbsoluteError.js";
export { meanSquaredError } from "./metrics/meanSquaredError.js";
export type { Metric } from "./metrics/metric.js";
export { perplexity, type PerplexityOptions } from "./metrics/perplexity.js";
export { precision } from "./metrics/precision.js";
export { r2Score } from "./metrics/r2Score.js";
export { recall } from "./metrics/recall.js";
export { StreamingMetric } from "./metrics/streamingMetric.js";
export { topKAccuracy } from "./metrics/topKAccuracy.js";
export { Module, type ManualStepOutput, type StepOutput } from "./module/module.js";
export { findVariables, type ModuleVariables } from "./module/moduleVariables.js";
export type { Observers } from "./hooks/observers.js";
export { adadelta, type AdadeltaOptions } from "./optim/adadelta.js";
export { adagrad, type AdagradOptions } from "./optim/adagrad.js";
export { adam, adamw, type AdamOptions } from "./optim/adam.js";
export { adamax, type AdamaxOptions } from "./optim/adamax.js";
export { fromTfjsOptimizer } from "./optim/fromTfjsOptimizer.js";
export { makeOptimizer, type OptimizerOptions } from "./optim/makeOptimizer.js";
export { nadam, type NadamOptions } from "./optim/nadam.js";
export { Optimizer } from "./optim/optimizer.js";
export type { OptimizerSnapshot, ParamGroup } from "./optim/optimizerState.js";
export type { OptimizerConfig, ScheduledOptimizer } from "./module/optimizerConfig.js";
export type { OptimizerStateDict, SavedTensor } from "./optim/optimizerState.js";
export { radam, type RadamOptions } from "./optim/radam.js";
export { rmsprop, type RmspropOptions } from "./optim/rmsprop.js";
export { RuleOptimizer } from "./optim/ruleOptimizer.js";
export { sgd, type SgdOptions } from "./optim/sgd.js";
export type { TfjsSettings } from "./optim/tfjsInternals.js";
export type { NamedTensors, Updated, UpdateInput, UpdateRule } from "./optim/updateRule.js";
export type { Validator, Validators } from "./options/validators.js";
export type { TimeLimit } from "./options/timeLimit.js";
export { portablePlatform, type Platform } from "./platform/platform.js";
export type { ProgressEvents, TrainerProgress } from "./module/trainerProgress.js";
export { RandomState, type RandomSnapshot } from "./random/randomState.js";
export { seeded } from "./random/seeded.js";
export { chainedLr } from "./schedules/chainedLr.js";
export { constantLr, type ConstantLrOptions } from "./schedules/constantLr.js";
export { cosineAnnealingLr, type CosineAnnealingLrOptions } from "./schedules/cosineAnnealingLr.js";
export {
  cosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from "./schedules/cosineAnnealingWarmRestarts.js";
export { cyclicLr, type CyclicLrBounds, type CyclicLrOptions } from "./schedules/cyclicLr.js";
export { exponentialLr } from "./schedules/exponentialLr.js";
export { lambdaLr } from "./schedules/lambdaLr.js";
export { linearLr, type LinearLrOptions } from "./schedules/linearLr.js";
export { LrScheduler, type LrSchedulerState, type ScheduleTiming } from "./schedules/lrScheduler.js";
export { multiStepLr, type MultiStepLrOptions } from "./schedules/multiStepLr.js";
export { oneCycleLr, type OneCycleLrOptions } from "./schedules/oneCycleLr.js";
export { polynomialLr, type PolynomialLrOptions } from "./schedules/polynomialLr.js";
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
export { stepLr, type StepLrOptions } from "./schedules/stepLr.js";
export { warmupLr, type WarmupLrOptions } from "./schedules/warmupLr.js";
export { Trainer } from "./trainer/trainer.js";
export type { BatchLimit, TrainerOptions } from "./module/trainerOptions.js";
export type { LossChoices } from "./fromLayers/lossesFor.js";
export type { MetricChoices } from "./fromLayers/metricsFor.js";
export type { OptimizerMaker } from "./fromLayers/optimizerFor.js";
