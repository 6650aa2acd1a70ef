import { ready as tfReady } from "@tensorflow/tfjs-core";
import { makeBreathe } from "./breathe.js";
import type { Callback } from "./callback.js";
import { requireValidationStep, resolveData, type FitData, type FitSources } from "./data/resolveData.js";
import { toBatchSource, type DataSource } from "./data/toBatchSource.js";
import { silentDisplay, type Display } from "./display.js";
import { FulmineError } from "./fulmineError.js";
import type { Stage } from "./hookArgs.js";
import { Hooks } from "./hooks.js";
import { listenForInterruption } from "./interruption.js";
import { isolated } from "./isolation/isolated.js";
import type { Trial } from "./isolation/trial.js";
import type { Logger, Metrics } from "./logging/logger.js";
import type { MetricStore } from "./logging/metricStore.js";
import { fitLoop, type FitLimits, type FitStatus } from "./loops/fit.js";
import type { Run } from "./loops/run.js";
import { validateEpoch } from "./loops/validateEpoch.js";
import type { Module } from "./module.js";
import { findVariables } from "./moduleVariables.js";
import { Observers } from "./observers.js";
import { attachOptimizers, type ConfiguredOptimizers } from "./optim/optimizerConfig.js";
import type { Optimizer } from "./optim/optimizer.js";
import { portablePlatform, type Platform } from "./platform.js";
import { progressPrinter } from "./progressPrinter.js";
import { RandomState } from "./random/randomState.js";
import {
  checkOptions,
  trainerOptionEntries,
  type OptionEntries,
  type TrainerOptions,
} from "./trainerOptions.js";
import { TrainerState } from "./trainerState.js";

/** What came of a fit. */
export interface FitResult {
  /** How it ended. */
  readonly status: FitStatus;
  /** The number of epochs that were begun and ended. */
  readonly epochs: number;
  /** The number of optimizer steps. */
  readonly steps: number;
  /** The last value of every metric. */
  readonly metrics: Metrics;
}

/** How an isolated run differs from an ordinary one. */
export interface IsolatedOptions {
  /** A seed of its own for shuffles and dropout; left out, it draws what the next fit would draw. */
  readonly seed?: number;
  /** Stops it when aborted, beside the Trainer's own signal. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a module: the loop, its hooks, its counters, and nothing that a callback, logger or plug-in can do.
 *
 * @throws {@link FulmineError} `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the option.
 * @example
 * ```ts
 * const trainer = new Trainer({ maxEpochs: 20, seed: 1 });
 * const { status, metrics } = await trainer.fit(model, { train, val });
 * ```
 */
export class Trainer {
  /** How options are checked; a mixin that adds options adds to it. */
  static readonly optionEntries: OptionEntries = trainerOptionEntries;

  /** The options as given. */
  readonly options: Readonly<TrainerOptions>;
  /** Emits the moments of a run to observers; see {@link HookArgs}. */
  readonly events: Observers;
  /** The callbacks, in the order in which they are called. */
  readonly callbacks: readonly Callback[];
  /** The loggers. */
  readonly loggers: readonly Logger[];
  /** What the Trainer needs of where it runs. */
  protected readonly platform: Platform = portablePlatform;

  #state: TrainerState;
  #isRunning = false;
  #active: Run<unknown> | null = null;
  #signal: AbortSignal | null = null;
  #optimizers: readonly Optimizer[] = [];

  constructor(options: TrainerOptions = {}) {
    checkOptions(options, new.target.optionEntries);
    const { callbacks = [], logger = false, seed } = options;
    this.options = options;
    this.callbacks = callbacks;
    this.loggers = logger === false ? [] : "logMetrics" in logger ? [logger] : logger;
    this.events = new Observers((error, event) => {
      this.display.warn(`A listener to "${event}" threw: ${String(error)}`);
    });
    this.#state = new TrainerState(seed === undefined ? RandomState.fromEntropy() : new RandomState(seed));
  }

  /** The number of epochs that are behind. */
  get currentEpoch(): number {
    return this.#state.currentEpoch;
  }

  /** The number of optimizer steps that are behind. */
  get globalStep(): number {
    return this.#state.globalStep;
  }

  /** The number of epochs after which training ends. */
  get maxEpochs(): number {
    return this.options.maxEpochs ?? (this.options.maxSteps === undefined ? 1000 : Infinity);
  }

  /** The latest value of every metric. */
  get callbackMetrics(): Metrics {
    return this.#state.metrics.callbackMetrics;
  }

  /** Where modules record what they log. */
  get metrics(): MetricStore {
    return this.#state.metrics;
  }

  /** The optimizers of the present fit, or of the last one. */
  get optimizers(): readonly Optimizer[] {
    return this.#optimizers;
  }

  /** Where the Trainer speaks to a person; silent without `enableProgressBar`. */
  get display(): Display {
    return this.options.enableProgressBar === false ? silentDisplay() : this.platform.display;
  }

  /** Awaited before anything else of a run; for a plug-in that has something to load. */
  async ready(): Promise<void> {
    await tfReady();
  }

  /** Awaited once before training, when the data is known to be there; for a plug-in such as a finder. */
  async beforeFit<B>(module: Module<object, B>, data: FitData<B> | undefined): Promise<void> {
    await Promise.resolve([module, data]);
  }

  /** Ends the run after the present batch. */
  stop(): void {
    this.#state.shouldStop = true;
  }

  /** Frees the last fit's optimizers; the Trainer can be used on. */
  dispose(): void {
    for (const optimizer of this.#optimizers) optimizer.dispose();
    this.#optimizers = [];
  }

  /**
   * Trains a module.
   *
   * @param data - `train` and, to be scored after each epoch, `val`; left out, the module's own dataloaders.
   * @throws {@link FulmineError} `INVALID_MODULE`, `INVALID_DATA`, `EMPTY_DATA`, `INVALID_STEP`, `INVALID_STATE`, and
   * whatever a step, a hook or the data throws.
   */
  async fit<B>(module: Module<object, B>, data?: FitData<B>): Promise<FitResult> {
    return this.#session("fit", module, resolveData(module, data), async (session) => {
      this.#state.reset();
      await this.beforeFit(module, data);
      const run = { ...session, ...this.#configureOptimizers(session) };
      this.#active = run;
      await this.#eachLogger((logger) => logger.logHyperparams(module.hparams as Record<string, unknown>));
      let status: FitStatus | "failed" = "failed";
      try {
        await run.hooks.call("onFitStart");
        status = await fitLoop(run, this.#limits());
        await run.hooks.call("onFitEnd");
        return {
          status,
          epochs: this.currentEpoch,
          steps: this.globalStep,
          metrics: { ...this.callbackMetrics },
        };
      } finally {
        await this.#eachLogger((logger) => logger.finalize?.(status));
      }
    });
  }

  /**
   * Scores a module on held-out data.
   *
   * @returns The means of what `validationStep` logged.
   * @throws {@link FulmineError} `INVALID_MODULE`, `INVALID_DATA`, `EMPTY_DATA`, `INVALID_STATE`, and whatever a step, a
   * hook or the data throws.
   */
  async validate<B>(module: Module<object, B>, data: DataSource<B>): Promise<Metrics> {
    requireValidationStep(module);
    const val = toBatchSource(data, "data");
    return this.#session("validate", module, { train: val, val }, (run) =>
      validateEpoch(run, val).then(({ metrics }) => metrics),
    );
  }

  /**
   * Runs something that may train the module as it likes, and puts everything back as it was, bit for bit, however it
   * ends: weights, optimizers, schedules, random state, the data's order, counters, metrics, the module's plain data.
   * Callbacks, loggers and observers hear nothing of it.
   *
   * @param data - The data to train on; left out, that of the running fit or the module's own dataloaders.
   * @throws {@link FulmineError} `ABORTED` when it was stopped, and whatever `body` throws.
   */
  async isolated<B, T>(
    module: Module<object, B>,
    data: FitData<B> | undefined,
    body: (trial: Trial) => Promise<T>,
    options: IsolatedOptions = {},
  ): Promise<T> {
    await this.ready();
    const live = this.#liveRun(module);
    const sources =
      data === undefined && live !== null ? { train: live.train, val: live.val } : resolveData(module, data);
    const hooks = new Hooks({ trainer: this, module: module as Module, callbacks: [], observers: null });
    return this.#attached(module, [options.signal], async (signal) => {
      const outer = this.#state;
      const session = this.#newRun({ module, sources, hooks, signal, state: outer.fork(options.seed) });
      const optimizers =
        live?.optimizers ?? attachOptimizers(module.configureOptimizers(), session.variables).optimizers;
      this.#state = session.state;
      try {
        return await isolated({ ...session, optimizers, schedulers: live?.schedulers ?? [] }, body);
      } finally {
        this.#state = outer;
      }
    });
  }

  /** Frames a run: one at a time, set-up before, teardown after, and one place through which every failure goes. */
  async #session<B, T>(
    stage: Stage,
    module: Module<object, B>,
    sources: FitSources<B>,
    body: (run: Run<B>) => Promise<T>,
  ): Promise<T> {
    if (this.#isRunning) {
      throw new FulmineError("INVALID_STATE", `This Trainer is running already, so it can't ${stage}.`, {
        todo: "Await the first run, or make another Trainer.",
      });
    }
    this.#isRunning = true;
    try {
      await this.ready();
      const printer = stage === "fit" ? [progressPrinter(this.display, () => sources.train.length)] : [];
      const callbacks = [...this.callbacks, ...printer];
      const hooks = new Hooks({ trainer: this, module: module as Module, callbacks, observers: this.events });
      return await this.#attached(module, [], async (signal) => {
        const run = this.#newRun({ module, sources, hooks, signal, state: this.#state });
        try {
          await hooks.call("setup", stage);
          return await body(run);
        } catch (error) {
          await hooks.call("onException", error);
          throw error;
        } finally {
          await hooks.call("teardown", stage);
        }
      });
    } finally {
      this.#active = null;
      this.#isRunning = false;
    }
  }

  /** Lets the module know its Trainer and listens for the wish to stop, as long as `body` runs. */
  async #attached<B, T>(
    module: Module<object, B>,
    signals: readonly (AbortSignal | undefined)[],
    body: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const [outerTrainer, outerSignal] = [module.trainer, this.#signal];
    const listen = outerSignal === null ? (stop: () => void) => this.platform.onInterrupt(stop) : null;
    const interruption = listenForInterruption(
      [this.options.signal, outerSignal ?? undefined, ...signals],
      listen,
    );
    module.attachTrainer(this);
    this.#signal = interruption.signal;
    try {
      return await body(interruption.signal);
    } finally {
      this.#signal = outerSignal;
      module.attachTrainer(outerTrainer);
      interruption.dispose();
    }
  }

  #newRun<B>(parts: NewRun<B>): Run<B> {
    const { module, sources, hooks, signal, state } = parts;
    const variables = findVariables(module);
    const accumulateGradBatches = this.options.accumulateGradBatches ?? 1;
    const rest = { optimizers: [], schedulers: [], breathe: makeBreathe(), accumulateGradBatches };
    return { module, variables, ...sources, hooks, signal, state, ...rest };
  }

  #configureOptimizers<B>({ module, variables }: Run<B>): ConfiguredOptimizers {
    const configured = attachOptimizers(module.configureOptimizers(), variables);
    for (const old of this.#optimizers) if (!configured.optimizers.includes(old)) old.dispose();
    this.#optimizers = configured.optimizers;
    return configured;
  }

  #liveRun<B>(module: Module<object, B>): Run<B> | null {
    const active: Run<unknown> | null = this.#active;
    return (active?.module as object | undefined) === module ? (active as Run<B> | null) : null;
  }

  #limits(): FitLimits {
    const { maxSteps = Infinity, logEveryNSteps = 50 } = this.options;
    const log = async (metrics: Metrics): Promise<void> => {
      if (Object.keys(metrics).length > 0)
        await this.#eachLogger((logger) => logger.logMetrics(metrics, this.globalStep));
    };
    return { maxEpochs: this.maxEpochs, maxSteps, logEveryNSteps, log };
  }

  async #eachLogger(tell: (logger: Logger) => void | Promise<void>): Promise<void> {
    for (const logger of this.loggers) await tell(logger);
  }
}

interface NewRun<B> {
  readonly module: Module<object, B>;
  readonly sources: FitSources<B>;
  readonly hooks: Hooks;
  readonly signal: AbortSignal;
  readonly state: TrainerState;
}
