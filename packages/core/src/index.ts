export { disposeBatch, tensorsOf, type Batch } from "./batch.js";
export type { Callback } from "./callback.js";
export { BackboneFinetuning, type BackboneFinetuningOptions } from "./callbacks/backboneFinetuning.js";
export { EarlyStopping, type EarlyStoppingOptions } from "./callbacks/earlyStopping.js";
export { fromTfjsCallback } from "./callbacks/fromTfjsCallback.js";
export {
  GradientAccumulationScheduler,
  type GradientAccumulationSchedulerOptions,
} from "./callbacks/gradientAccumulationScheduler.js";
export { LearningRateMonitor, type LearningRateMonitorOptions } from "./callbacks/learningRateMonitor.js";
export { ModelCheckpoint } from "./callbacks/modelCheckpoint.js";
export type { ModelCheckpointOptions } from "./callbacks/modelCheckpointOptions.js";
export { ModelSummary } from "./callbacks/modelSummary.js";
export type { MonitorMode } from "./callbacks/monitorMode.js";
export { ProgressBar, type ProgressBarOptions } from "./callbacks/progressBar.js";
export type { TfjsCallback, TfjsLogs } from "./callbacks/tfjsCallback.js";
export { Timer, type TimedStage, type TimerOptions } from "./callbacks/timer.js";
export { WeightAveraging, type WeightAveragingOptions } from "./callbacks/weightAveraging.js";
export type { Checkpoint } from "./checkpoint/checkpoint.js";
export { decodeCheckpoint, encodeCheckpoint } from "./checkpoint/checkpointFile.js";
export type { Constructor } from "./constructor.js";
export type { BatchReader, BatchSource, ReadBatch } from "./data/batchSource.js";
export { DataLoader, type DataLoaderOptions, type Field, type NumberArray } from "./data/dataLoader.js";
export type { Dataloaders, FitData, FitInput } from "./data/resolveData.js";
export type { DatasetLike } from "./data/tappedSource.js";
export type { DataSource } from "./data/toBatchSource.js";
export { consoleDisplay, silentDisplay, type Display, type ProgressLine } from "./display.js";
export type { Files } from "./files.js";
export { FulmineError, type ErrorCode, type ErrorParts } from "./fulmineError.js";
export type { HookArgs, HookName, Stage } from "./hookArgs.js";
export { findLrField, getHparam, setHparam } from "./hparams.js";
export type { Trial } from "./isolation/trial.js";
export { ConsoleLogger } from "./logging/consoleLogger.js";
export { HistoryLogger } from "./logging/historyLogger.js";
export type { Logger, Metrics, RunStatus } from "./logging/logger.js";
export type { LogOptions, MetricStore } from "./logging/metricStore.js";
export type { FitStatus } from "./loops/fit.js";
export type { LossAndGradients } from "./loops/gradients.js";
export { Module, type StepOutput } from "./module.js";
export { findVariables, type ModuleVariables } from "./moduleVariables.js";
export type { Observers } from "./observers.js";
export { adadelta, type AdadeltaOptions } from "./optim/adadelta.js";
export { adagrad, type AdagradOptions } from "./optim/adagrad.js";
export { adam, adamw, type AdamOptions } from "./optim/adam.js";
export { adamax, type AdamaxOptions } from "./optim/adamax.js";
export { fromTfjsOptimizer } from "./optim/fromTfjsOptimizer.js";
export { makeOptimizer, type OptimizerOptions } from "./optim/makeOptimizer.js";
export { nadam, type NadamOptions } from "./optim/nadam.js";
export { Optimizer, type OptimizerSnapshot, type ParamGroup } from "./optim/optimizer.js";
export type { OptimizerConfig, ScheduledOptimizer } from "./optim/optimizerConfig.js";
export type { OptimizerStateDict, SavedTensor } from "./optim/optimizerStateDict.js";
export { radam, type RadamOptions } from "./optim/radam.js";
export { rmsprop, type RmspropOptions } from "./optim/rmsprop.js";
export { RuleOptimizer } from "./optim/ruleOptimizer.js";
export { sgd, type SgdOptions } from "./optim/sgd.js";
export type { TfjsSettings } from "./optim/tfjsInternals.js";
export type { NamedTensors, Updated, UpdateInput, UpdateRule } from "./optim/updateRule.js";
export { portablePlatform, type Platform } from "./platform.js";
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
export { Trainer } from "./trainer.js";
export type { FitResult } from "./fitResult.js";
export type { IsolatedOptions } from "./isolation/isolatedOptions.js";
export type { OptionEntries, TrainerOptions } from "./trainerOptions.js";
export type { BatchLimit, TimeLimit } from "./trainerOptions.js";
