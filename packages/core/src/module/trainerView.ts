import type { FitInput } from "../data/dataloaders.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import type { Observers } from "../hooks/observers.js";
import type { Logger, Metrics } from "../loggers/logger.js";
import type { MetricStore } from "../loggers/metricStore.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { Display } from "../platform/display.js";
import type { Files } from "../platform/platform.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { Callback } from "./callback.js";
import type { Module } from "./module.js";
import type { TrainerOptions } from "./trainerOptions.js";
import type { IsolatedOptions, Trial } from "./trial.js";

/** The optimizers and schedules that train a module. */
export interface Training {
  readonly optimizers: readonly Optimizer[];
  readonly schedulers: readonly LrScheduler[];
}

/**
 * The Trainer as modules, callbacks and plug-ins see it: its state, its output, and what they may ask it to do.
 *
 * A hook that needs more, such as a plug-in's methods, declares its first parameter as that Trainer's class.
 */
export interface TrainerView {
  /** The options, as given to the constructor. */
  readonly options: Readonly<TrainerOptions>;
  /** The callbacks, in calling order; those of the module's `configureCallbacks` are not among them. */
  readonly callbacks: readonly Callback[];
  /** The loggers. */
  readonly loggers: readonly Logger[];
  /** Emits the moments of a run to observers. */
  readonly events: Observers;
  /** Whether `fastDevRun` is on: only a few batches run, without loggers, checkpoints and early stopping. */
  readonly isDevRun: boolean;
  /** Whether the validation before training is running; see `numSanityValSteps`. */
  readonly isSanityChecking: boolean;
  /** Number of completed epochs. */
  readonly currentEpoch: number;
  /** Number of optimizer steps taken. */
  readonly globalStep: number;
  /** Number of epochs after which training ends; `Infinity` without a limit. */
  readonly maxEpochs: number;
  /** Number of batches per epoch; `null` if unknown. */
  readonly numTrainingBatches: number | null;
  /** Whether the current fit has validation data. */
  readonly hasValidation: boolean;
  /** Whether accumulated gradients wait for an optimizer step; no checkpoint can be made then. */
  readonly isAccumulating: boolean;
  /** Number of batches per optimizer step; may be changed between epochs. */
  accumulateGradBatches: number;
  /** The latest value of every metric. */
  readonly callbackMetrics: Metrics;
  /** The store that modules log to. */
  readonly metrics: MetricStore;
  /** The optimizers of the current fit, or of the last one. */
  readonly optimizers: readonly Optimizer[];
  /** The schedules of the current fit. */
  readonly lrSchedulers: readonly LrScheduler[];
  /** Whether the run will end after the current batch; see {@link TrainerView.stop}. */
  readonly shouldStop: boolean;
  /** Whether an abort signal or Ctrl-C has interrupted the current fit. */
  readonly isInterrupted: boolean;
  /** The checkpoint from which the current fit resumes; `null` for a fit that starts anew. */
  readonly resumedFrom: Checkpoint | null;
  /** Default folder for checkpoints and logs. */
  readonly defaultRootDir: string;
  /** Shows progress and warnings. */
  readonly display: Display;
  /** Reads and writes files. */
  readonly files: Files;
  /** The optimizers and schedules that currently train a module, in a fit or a trial; `null` if none do. */
  trainingOf(module: object): Training | null;
  /** Ends the run after the current batch, but not before `minEpochs`. */
  stop(): void;
  /** Captures everything that the current fit needs to continue later as if it had never stopped. */
  checkpoint(): Promise<Checkpoint>;
  /** Writes a checkpoint of the current fit to a file, atomically. */
  saveCheckpoint(path: string): Promise<void>;
  /** Like {@link TrainerView.saveCheckpoint}, but never replaces a file: resolves to `false` if one exists. */
  saveNewCheckpoint(path: string): Promise<boolean>;
  /** Runs a function that may train the module, then restores all state. */
  isolated<B, T>(
    module: Module<object, B>,
    data: FitInput<B> | undefined,
    body: (trial: Trial) => Promise<T>,
    options?: IsolatedOptions,
  ): Promise<T>;
}
