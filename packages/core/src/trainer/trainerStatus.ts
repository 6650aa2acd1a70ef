import { type Display, warningsOnly } from "../platform/display.js";
import { type Files, portablePlatform, type Platform } from "../platform/platform.js";
import type { Metrics } from "../loggers/logger.js";
import type { MetricStore } from "../loggers/metricStore.js";
import type { Run } from "../run/run.js";
import { eagerRunner, type StepRunner } from "../step/stepFunction.js";
import { checkOptions } from "../options/checkOptions.js";
import { count } from "../options/validators.js";
import type { Optimizer } from "../optim/optimizer.js";
import { RandomState } from "../random/randomState.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { TrainerOptions } from "../module/trainerOptions.js";
import { TrainerState } from "../run/trainerState.js";

/** What can be asked of a Trainer at any moment. */
export abstract class TrainerStatus {
  /** The options as given. */
  readonly options: Readonly<TrainerOptions>;
  /** What the Trainer needs of where it runs. */
  protected readonly platform: Platform = portablePlatform;
  /** Runs step functions; a plug-in that does it another way than kernel by kernel replaces it. */
  stepRunner: StepRunner = eagerRunner;
  /** What moves on as the Trainer runs. */
  protected state: TrainerState;
  /** The fit that is under way. */
  protected active: Run<unknown> | null = null;
  /** The innermost trial that is under way. */
  protected trialOf: Run<unknown> | null = null;
  /** The optimizers of the present fit, or of the last one. */
  protected configured: readonly Optimizer[] = [];

  constructor(options: TrainerOptions) {
    const { seed, accumulateGradBatches } = options;
    this.options = options;
    this.state = new TrainerState(seed === undefined ? RandomState.fromEntropy() : new RandomState(seed));
    if (typeof accumulateGradBatches === "number") this.state.accumulateGradBatches = accumulateGradBatches;
  }

  /** The number of epochs that are behind. */
  get currentEpoch(): number {
    return this.state.currentEpoch;
  }

  /** The number of optimizer steps that are behind. */
  get globalStep(): number {
    return this.state.globalStep;
  }

  /** The number of epochs after which training ends. */
  get maxEpochs(): number {
    const { maxEpochs, maxSteps, maxTime, fastDevRun = false } = this.options;
    if (fastDevRun !== false) return 1;
    return maxEpochs ?? (maxSteps === undefined && maxTime === undefined ? 1000 : Infinity);
  }

  /** The number of batches of an epoch, `null` when it is not known. */
  get numTrainingBatches(): number | null {
    return this.active?.train.length ?? null;
  }

  /** Whether the present fit scores held-out data. */
  get hasValidation(): boolean {
    return (this.active?.val ?? null) !== null;
  }

  /** Whether gradients are gathered that no optimizer has used yet, so that no checkpoint can be made. */
  get isAccumulating(): boolean {
    return this.state.isAccumulating;
  }

  /** How many batches' gradients are averaged in one optimizer step; may be changed between epochs. */
  get accumulateGradBatches(): number {
    return this.state.accumulateGradBatches;
  }

  /** @throws {@link FulmineError} `INVALID_OPTION` when it is no whole number of at least 1. */
  set accumulateGradBatches(batches: number) {
    checkOptions({ accumulateGradBatches: batches }, { accumulateGradBatches: count });
    this.state.accumulateGradBatches = batches;
  }

  /** The latest value of every metric. */
  get callbackMetrics(): Metrics {
    return this.state.metrics.callbackMetrics;
  }

  /** Where modules record what they log. */
  get metrics(): MetricStore {
    return this.state.metrics;
  }

  /** The optimizers of the present fit, or of the last one. */
  get optimizers(): readonly Optimizer[] {
    return this.configured;
  }

  /** The schedules of the present fit. */
  get lrSchedulers(): readonly LrScheduler[] {
    return this.active?.schedulers ?? [];
  }

  /** The optimizers and schedules that train a module just now, in a fit or a trial; `null` when nothing does. */
  trainingOf(module: object): Pick<Run<unknown>, "optimizers" | "schedulers"> | null {
    const run = this.trialOf ?? this.active;
    return run !== null && (run.module as object) === module ? run : null;
  }

  /** Whether the run is to end; see {@link Trainer.stop}. */
  get shouldStop(): boolean {
    return this.state.shouldStop;
  }

  /** Whether an abort signal or Ctrl-C has broken the present fit off. */
  get isInterrupted(): boolean {
    return this.active?.signal.aborted ?? false;
  }

  /** The folder for whatever is not told another. */
  get defaultRootDir(): string {
    return this.options.defaultRootDir ?? ".";
  }

  /** Where the Trainer speaks to a person; without `enableProgressBar` it shows warnings alone. */
  get display(): Display {
    const { display } = this.platform;
    return this.options.enableProgressBar === false ? warningsOnly(display) : display;
  }

  /** Where the Trainer keeps files. */
  get files(): Files {
    return this.platform.files;
  }
}
