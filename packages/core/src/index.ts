export { BackboneFinetuning, type BackboneFinetuningOptions } from "./callbacks/backboneFinetuning.js";
export { EarlyStopping, type EarlyStoppingOptions } from "./callbacks/earlyStopping.js";
export { fromTfjsCallback, type TfjsCallback } from "./callbacks/fromTfjsCallback.js";
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
export { Timer, type TimedStage, type TimerOptions } from "./callbacks/timer.js";
export { WeightAveraging, type WeightAveragingOptions } from "./callbacks/weightAveraging.js";
export type { BestCheckpoint } from "./checkpoint/bestCheckpoint.js";
export type { Checkpoint } from "./checkpoint/checkpoint.js";
export { decodeCheckpoint, encodeCheckpoint } from "./checkpoint/checkpointFile.js";
export { DataModule } from "./data/dataModule.js";
export type { Dataloaders, FitData, FitInput, ReplacedData, Stage } from "./data/dataloaders.js";
export type { Field, NumberArray, ShapedValues } from "./data/field.js";
export { augmentImages } from "./data/images/augmentImages.js";
export type { AugmentOptions } from "./data/images/augmentOptions.js";
export { DataLoader, type DataLoaderOptions, type NamedBatch } from "./data/loaders/dataLoader.js";
export type { LoaderOptions, Sampler } from "./data/loaders/loaderOptions.js";
export { SampleLoader, type SampleLoaderOptions, type Samples } from "./data/loaders/sampleLoader.js";
export type { Transform } from "./data/loaders/transform.js";
export { readCsv, type CsvOptions, type CsvTable, type LabelledFields } from "./data/readers/readCsv.js";
export { readIdx } from "./data/readers/readIdx.js";
export { readNpy } from "./data/readers/readNpy.js";
export { split, type SplitOptions } from "./data/split/split.js";
export type { DatasetLike } from "./data/sources/tappedSource.js";
export type { DataSource } from "./data/sources/toBatchSource.js";
export { withVariableShapes } from "./data/sources/withVariableShapes.js";
export { FulmineError, type ErrorCode, type ErrorCodes } from "./errors/fulmineError.js";
export { fromLayers, type FromLayersOptions } from "./fromLayers/fromLayers.js";
export type { LayersBatch, TensorsOf } from "./fromLayers/layersBatch.js";
export type { LossChoices } from "./fromLayers/lossesFor.js";
export type { LayersModelLike } from "./fromLayers/layersModelLike.js";
export { LayersModule } from "./fromLayers/layersModule.js";
export type { MetricChoices } from "./fromLayers/metricsFor.js";
export type { OptimizerMaker } from "./fromLayers/optimizerFor.js";
export type { HookArgs, HookName, TrainBatchOutputs } from "./hooks/moduleHooks.js";
export type { Observers } from "./hooks/observers.js";
export { ConsoleLogger } from "./loggers/consoleLogger.js";
export type { EpochRecord } from "./loggers/epochRecord.js";
export { HistoryLogger } from "./loggers/historyLogger.js";
export type { Logger, Metrics, RunStatus, SavedCheckpoints } from "./loggers/logger.js";
export type { LogOptions } from "./loggers/metricStore.js";
export { MlflowLogger } from "./loggers/mlflow/mlflowLogger.js";
export type { MlflowLoggerOptions } from "./loggers/mlflow/mlflowOptions.js";
export type { FitResult } from "./loops/fit.js";
export { accuracy, topKAccuracy } from "./metrics/accuracy.js";
export { auroc } from "./metrics/auroc.js";
export type { AverageOptions } from "./metrics/classCounts.js";
export type { LabelOptions } from "./metrics/labels.js";
export {
  confusionMatrix,
  type ConfusionMatrix,
  type ConfusionMatrixOptions,
} from "./metrics/confusionMatrix.js";
export { perplexity, type PerplexityOptions } from "./metrics/perplexity.js";
export { f1, precision, recall } from "./metrics/precisionRecall.js";
export { meanAbsoluteError, meanSquaredError, r2Score } from "./metrics/regression.js";
export type { Metric } from "./metrics/streamingMetric.js";
export type { Callback } from "./module/callback.js";
export {
  Module,
  type EvaluationStepOutput,
  type ManualStepOutput,
  type StepOutput,
} from "./module/module.js";
export { findVariables } from "./module/moduleVariables.js";
export type { OptimizerConfig, ScheduledOptimizer } from "./module/optimizerConfig.js";
export type { BatchLimit, TrainerOptions } from "./module/trainerOptions.js";
export type { ProgressEvents, TrainerProgress } from "./module/trainerProgress.js";
export type { TrainerView } from "./module/trainerView.js";
export type { BranchOptions, IsolatedOptions, Trial, ValidateOptions } from "./module/trial.js";
export { Optimizer } from "./optim/optimizer.js";
export type { ParamGroup } from "./optim/paramGroup.js";
export { adadelta, type AdadeltaOptions } from "./optim/rules/adadelta.js";
export { adagrad, type AdagradOptions } from "./optim/rules/adagrad.js";
export { adam, adamw, type AdamOptions } from "./optim/rules/adam.js";
export { adamax, type AdamaxOptions } from "./optim/rules/adamax.js";
export { nadam, type NadamOptions } from "./optim/rules/nadam.js";
export { radam, type RadamOptions } from "./optim/rules/radam.js";
export { rmsprop, type RmspropOptions } from "./optim/rules/rmsprop.js";
export { sgd, type SgdOptions } from "./optim/rules/sgd.js";
export { fromTfjsOptimizer } from "./optim/tfjs/fromTfjsOptimizer.js";
export type { TimeLimit } from "./options/timeLimit.js";
export { consoleDisplay, silentDisplay, type Display, type ProgressLine } from "./platform/display.js";
export type { Files } from "./platform/platform.js";
export { RandomState } from "./random/randomState.js";
export { seeded } from "./random/seeded.js";
export { loadCheckpoint } from "./resume/loadCheckpoint.js";
export { chainedLr } from "./schedules/chainedLr.js";
export {
  cosineAnnealingLr,
  cosineAnnealingWarmRestarts,
  type CosineAnnealingLrOptions,
  type CosineAnnealingWarmRestartsOptions,
} from "./schedules/cosineAnnealing.js";
export { cyclicLr, type CyclicLrBounds, type CyclicLrOptions } from "./schedules/cyclicLr.js";
export {
  exponentialLr,
  multiStepLr,
  polynomialLr,
  stepLr,
  type MultiStepLrOptions,
  type PolynomialLrOptions,
  type StepLrOptions,
} from "./schedules/decay.js";
export { lambdaLr } from "./schedules/lambdaLr.js";
export { LrScheduler } from "./schedules/lrScheduler.js";
export { oneCycleLr, type OneCycleLrOptions } from "./schedules/oneCycleLr.js";
export { reduceLrOnPlateau, type ReduceLrOnPlateauOptions } from "./schedules/reduceLrOnPlateau.js";
export type { ScheduleInput, ScheduleRule, ScheduleStart, Scheduled } from "./schedules/scheduleRule.js";
export { sequentialLr, type SequentialLrOptions } from "./schedules/sequentialLr.js";
export {
  constantLr,
  linearLr,
  warmupLr,
  type ConstantLrOptions,
  type LinearLrOptions,
  type WarmupLrOptions,
} from "./schedules/warmup.js";
export { warmupStableDecayLr, type WarmupStableDecayLrOptions } from "./schedules/warmupStableDecayLr.js";
export type { Batch } from "./tensors/batch.js";
export { Trainer, type RunOptions } from "./trainer/trainer.js";
