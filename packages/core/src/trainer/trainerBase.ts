import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { Observers } from "../hooks/observers.js";
import { notifyLoggers, type Logger, type Metrics } from "../loggers/logger.js";
import type { MetricStore } from "../loggers/metricStore.js";
import type { Callback } from "../module/callback.js";
import { devRunBatches, type TrainerOptions } from "../module/trainerOptions.js";
import type { Training } from "../module/trainerView.js";
import type { Optimizer } from "../optim/optimizer.js";
import { checkOptions } from "../options/checkOptions.js";
import { count, text } from "../options/validators.js";
import { warningsOnly, type Display } from "../platform/display.js";
import { portablePlatform, type Files, type Platform } from "../platform/platform.js";
import { RandomState } from "../random/randomState.js";
import type { Run } from "../run/run.js";
import { TrainerState } from "../run/trainerState.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import { eagerRunner, type StepRunner } from "../step/stepFunction.js";

/** The state of a Trainer, and the methods with which callbacks control a run; see `TrainerView`. */
export abstract class TrainerBase {
  /** The options, as given to the constructor. */
  readonly options: Readonly<TrainerOptions>;
  /** The callbacks, in calling order; those of the module's `configureCallbacks` are not among them. */
  readonly callbacks: readonly Callback[];
  /** The loggers; none in a dev run. */
  readonly loggers: readonly Logger[];
  /** Emits all hooks to observers; see `HookArgs`. */
  readonly events: Observers;
  /** The environment: display, files and interruptions. */
  protected readonly platform: Platform = portablePlatform;
  /** Runs step functions; a plug-in may replace it, e.g. to compile steps. */
  stepRunner: StepRunner = eagerRunner;
  /** The state that changes while the Trainer runs. */
  protected state: TrainerState;
  /** The current fit. */
  protected active: Run<unknown> | null = null;
  /** The checkpoint of {@link TrainerBase.resumedFrom}. */
  protected resumed: Checkpoint | null = null;
  /** The innermost isolated run. */
  protected trialOf: Run<unknown> | null = null;
  /** The optimizers of the current fit, or of the last one. */
  protected configured: readonly Optimizer[] = [];

  constructor(options: TrainerOptions) {
    const { seed, accumulateGradBatches, callbacks = [], logger = false } = options;
    this.options = options;
    this.callbacks = callbacks;
    this.loggers = logger === false || this.isDevRun ? [] : "logMetrics" in logger ? [logger] : logger;
    for (const each of this.loggers) each.joinLoggers?.(this.loggers);
    this.events = new Observers((error, event) => {
      this.display.warn(`A listener to "${event}" threw: ${String(error)}`);
    });
    this.state = new TrainerState(seed === undefined ? RandomState.fromEntropy() : new RandomState(seed));
    if (typeof accumulateGradBatches === "number") this.state.accumulateGradBatches = accumulateGradBatches;
  }

  /** Whether `fastDevRun` is on: only a few batches run, without loggers, checkpoints and early stopping. */
  get isDevRun(): boolean {
    return devRunBatches(this.options) !== null;
  }

  /** Whether the validation before training is running; see `numSanityValSteps`. */
  get isSanityChecking(): boolean {
    return this.state.isSanityChecking;
  }

  /** Number of completed epochs. */
  get currentEpoch(): number {
    return this.state.currentEpoch;
  }

  /** Number of optimizer steps taken. */
  get globalStep(): number {
    return this.state.globalStep;
  }

  /** Number of epochs after which training ends; `Infinity` without a limit. */
  get maxEpochs(): number {
    const { maxEpochs, maxSteps, maxTime } = this.options;
    if (this.isDevRun) return 1;
    return maxEpochs ?? (maxSteps === undefined && maxTime === undefined ? 1000 : Infinity);
  }

  /** Number of batches per epoch; `null` if unknown. */
  get numTrainingBatches(): number | null {
    return this.active?.train.length ?? null;
  }

  /** Whether the current fit has validation data. */
  get hasValidation(): boolean {
    return (this.active?.val ?? null) !== null;
  }

  /** Whether accumulated gradients wait for an optimizer step; no checkpoint can be made then. */
  get isAccumulating(): boolean {
    return this.state.isAccumulating;
  }

  /** Number of batches whose gradients are averaged in one optimizer step; may be changed between epochs. */
  get accumulateGradBatches(): number {
    return this.state.accumulateGradBatches;
  }

  /** @throws FulmineError `INVALID_OPTION` when it is not an integer of at least 1. */
  set accumulateGradBatches(batches: number) {
    checkOptions({ accumulateGradBatches: batches }, { accumulateGradBatches: count });
    this.state.accumulateGradBatches = batches;
  }

  /** The latest value of every metric. */
  get callbackMetrics(): Metrics {
    return this.state.metrics.callbackMetrics;
  }

  /** The store that modules log to. */
  get metrics(): MetricStore {
    return this.state.metrics;
  }

  /** The optimizers of the current fit, or of the last one. */
  get optimizers(): readonly Optimizer[] {
    return this.configured;
  }

  /** The schedules of the current fit. */
  get lrSchedulers(): readonly LrScheduler[] {
    return this.active?.schedulers ?? [];
  }

  /** The optimizers and schedules that currently train a module, in a fit or a trial; `null` if none do. */
  trainingOf(module: object): Training | null {
    return this.runOf(module, this.trialOf ?? this.active);
  }

  /** A run if it is a run of the module, else `null`. */
  protected runOf(module: object, run: Run<unknown> | null): Run<unknown> | null {
    return (run?.module as object | undefined) === module ? run : null;
  }

  /** Whether the run will end after the current batch; see `Trainer.stop`. */
  get shouldStop(): boolean {
    return this.state.shouldStop;
  }

  /** Whether an abort signal or Ctrl-C has interrupted the current fit. */
  get isInterrupted(): boolean {
    return this.active?.signal.aborted ?? false;
  }

  /** The checkpoint from which the current fit resumes, for plug-ins; `null` for a fit that starts anew. */
  get resumedFrom(): Checkpoint | null {
    return this.resumed;
  }

  /** Default folder for checkpoints and logs. */
  get defaultRootDir(): string {
    return this.options.defaultRootDir ?? ".";
  }

  /** Shows progress and warnings; only warnings if `enableProgressBar` is false. */
  get display(): Display {
    const { display } = this.platform;
    return this.options.enableProgressBar === false ? warningsOnly(display) : display;
  }

  /** Reads and writes files. */
  get files(): Files {
    return this.platform.files;
  }

  /** Ends the run after the current batch, but not before `minEpochs`. The run does not wait for another batch. */
  stop(): void {
    this.state.shouldStop = true;
  }

  /**
   * Captures everything that the current fit needs to continue later as if it had never stopped.
   *
   * @throws FulmineError `INVALID_STATE` outside a fit, or while accumulated gradients wait for an optimizer step.
   */
  async checkpoint(): Promise<Checkpoint> {
    const { captureRun } = await import("../resume/captureRun.js");
    return captureRun(this.active);
  }

  /** Writes `Trainer.checkpoint` to a file, atomically. */
  async saveCheckpoint(path: string): Promise<void> {
    const content = await this.#encodeCheckpoint("saveCheckpoint", path);
    await this.files.write(path, content);
  }

  /** Like `Trainer.saveCheckpoint`, but never replaces a file: resolves to `false` if one exists. */
  async saveNewCheckpoint(path: string): Promise<boolean> {
    const content = await this.#encodeCheckpoint("saveNewCheckpoint", path);
    const { writeNew } = await import("../checkpoint/checkpointFile.js");
    return writeNew(this.files, path, content);
  }

  async #encodeCheckpoint(method: string, path: string): Promise<Uint8Array> {
    checkOptions({ path }, { path: text("the path of a file") }, method);
    const { encodeCheckpoint } = await import("../checkpoint/checkpointFile.js");
    return encodeCheckpoint(await this.checkpoint());
  }

  /** Sends metrics to the loggers, unless there are none. */
  protected readonly logMetrics = async (metrics: Metrics): Promise<void> => {
    if (Object.keys(metrics).length === 0) return;
    await notifyLoggers(this.loggers, (logger) => logger.logMetrics(metrics, this.globalStep));
  };
}
