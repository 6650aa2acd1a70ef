import { ready as tfReady, type TensorContainer } from "@tensorflow/tfjs-core";
import type { Callback } from "../module/callback.js";
import { fitCallbacks } from "../callbacks/fitCallbacks.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { loadCheckpoints } from "../resume/loadCheckpoints.js";
import { prepareResume } from "../resume/prepareResume.js";
import {
  partsOf,
  type Dataloaders,
  type FitInput,
  type GivenData,
  type ReplacedData,
  type Stage,
} from "../data/dataloaders.js";
import { PreparedData } from "../loops/data/preparedData.js";
import type { BatchSource } from "../data/batchSource.js";
import type { DataSource } from "../data/toBatchSource.js";
import { type FitResult, fitLoop } from "../loops/fit.js";
import { withSetup, type FramedData } from "../run/withSetup.js";
import { Hooks } from "../run/hooks.js";
import { listenForInterruption } from "../platform/interruption.js";
import type { IsolatedOptions, Trial } from "../module/trial.js";
import { type Logger, type Metrics, type RunStatus, notifyLoggers } from "../loggers/logger.js";
import { evaluate } from "../loops/evaluate.js";
import { fitLimits, type FitLimits } from "../loops/fitLimits.js";
import { openFitData } from "../loops/data/fitData.js";
import { makeRun, type Run } from "../run/run.js";
import type { Module } from "../module/module.js";
import { isModule } from "../module/isModule.js";
import type { Claims } from "../ownership/claims.js";
import { Ownership } from "../ownership/ownership.js";
import { Observers } from "../hooks/observers.js";
import { checkOptions } from "../options/checkOptions.js";
import { checkArguments } from "./checkArguments.js";
import { text, type Validators } from "../options/validators.js";
import { configure, free, freeLeftBehind, leaveBehind } from "../module/madeOptimizers.js";
import { attachOptimizers, type ConfiguredOptimizers } from "../module/optimizerConfig.js";
import { checkTrainerOptions, trainerValidators, type TrainerOptions } from "../module/trainerOptions.js";
import { TrainerStatus } from "./trainerStatus.js";

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
export class Trainer extends TrainerStatus {
  /** What options must be; a mixin that adds options adds to it. */
  static readonly optionEntries: Validators = trainerValidators;

  /** Emits the moments of a run to observers; see {@link HookArgs}. */
  readonly events: Observers;
  /** The callbacks, in the order in which they are called. */
  readonly callbacks: readonly Callback[];
  /** The loggers. */
  readonly loggers: readonly Logger[];
  readonly #ownership = new Ownership(this);
  readonly #prepared = new PreparedData();
  #signal: AbortSignal | null = null;

  constructor(options: TrainerOptions = {}) {
    checkTrainerOptions(options, new.target.optionEntries);
    super(options);
    const { callbacks = [], logger = false, fastDevRun = false } = options;
    this.callbacks = callbacks;
    this.loggers = logger === false || fastDevRun !== false ? [] : "logMetrics" in logger ? [logger] : logger;
    this.events = new Observers((error, event) => {
      this.display.warn(`A listener to "${event}" threw: ${String(error)}`);
    });
  }

  /** Awaited before anything else of a run of a module; for a plug-in that has something to load. */
  async ready(module: object): Promise<void> {
    await Promise.resolve(module);
    await tfReady();
  }

  /**
   * Awaited once before training, for a plug-in such as a finder. The module's own dataloaders, or those of a DataModule,
   * are called after it, so that they see what it changes.
   *
   * @returns Data to train on in place of what was given; nothing to leave it.
   */
  async beforeFit<B>(module: Module<object, B>, data: FitInput<B> | undefined): Promise<ReplacedData<B>> {
    await Promise.resolve([module, data]);
  }

  /** Ends the run after the present batch, though not before `minEpochs`; a next batch to train on is not waited for. */
  stop(): void {
    this.state.shouldStop = true;
  }

  /**
   * Frees the last fit's optimizers; the Trainer can be used on. Optimizers that `configureOptimizers` makes anew each time
   * are also freed when their module is fitted again, by any Trainer. Throws `INVALID_STATE` while the Trainer runs.
   */
  dispose(): void {
    this.#ownership.requireIdle("dispose");
    for (const optimizer of this.configured) free(optimizer);
    this.configured = [];
  }

  /**
   * Trains a module.
   *
   * @param data - `train` and, to be scored after each epoch, `val`; or a DataModule; left out, the module's own
   * dataloaders.
   * @param options - `checkpoint`: the file, or the checkpoint itself, to go on from.
   * @throws {@link FulmineError} `INVALID_MODULE`, `INVALID_DATA`, `EMPTY_DATA`, `INVALID_STEP`, `INVALID_STATE`,
   * `INVALID_CHECKPOINT`, and whatever a step, a hook or the data throws.
   */
  async fit<B>(
    module: Module<object, B>,
    data?: FitInput<B>,
    options: { readonly checkpoint?: string | Checkpoint } = {},
  ): Promise<FitResult> {
    checkArguments("fit", options);
    const { checkpoint } = options;
    const callbacks = () => fitCallbacks(this.options, this.callbacks, module.configureCallbacks?.());
    return this.#session("fit", module, data, callbacks, async (session, claims) => {
      session.manual?.checkManual(this.options);
      const resume = await prepareResume(session.hooks, checkpoint, this.files);
      this.state.reset();
      const sources = await openFitData({
        ...{ module, data, claims, options: this.options, prepared: this.#prepared },
        beforeFit: () => this.#ownership.children.within(() => this.beforeFit(module, data)),
      });
      const run = { ...session, ...sources, ...(await this.#configureOptimizers(session, claims)) };
      this.active = run;
      await resume?.(run);
      await notifyLoggers(this.loggers, (logger) =>
        logger.logHyperparams(module.hparams as Record<string, unknown>),
      );
      return this.#finalizing(async () => {
        await run.hooks.call("onFitStart");
        const status = await fitLoop(run, this.#limits(run, resume !== null));
        await run.hooks.call("onFitEnd");
        return {
          ...{ status, epochs: this.currentEpoch, steps: this.globalStep },
          metrics: { ...this.callbackMetrics },
        };
      });
    });
  }

  /**
   * Scores a module on held-out data by its `validationStep`.
   *
   * @param data - The data, or a DataModule; left out, the module's own `valDataloader`.
   * @returns The means of what the step logged.
   * @throws {@link FulmineError} as {@link Trainer.fit}.
   */
  async validate<B>(module: Module<object, B>, data?: DataSource<B> | Dataloaders<B>): Promise<Metrics> {
    return this.#score("validate", module, data);
  }

  /** Like {@link Trainer.validate}, by the module's `testStep` and `testDataloader`. */
  async test<B>(module: Module<object, B>, data?: DataSource<B> | Dataloaders<B>): Promise<Metrics> {
    return this.#score("test", module, data);
  }

  /**
   * Makes predictions by the module's `predictStep`, on data or the module's own `predictDataloader`.
   *
   * @returns What the step gave for each batch; its tensors are yours to dispose.
   * @throws {@link FulmineError} as {@link Trainer.fit}.
   */
  async predict<B>(
    module: Module<object, B>,
    data?: DataSource<B> | Dataloaders<B>,
  ): Promise<TensorContainer[]> {
    return this.#heldOut("predict", module, data, async (run, source) => {
      const { predictLoop } = await import("../loops/predict.js");
      return predictLoop(run, source);
    });
  }

  /**
   * Runs something that may train the module as it likes, and puts everything back as it was, bit for bit, however it
   * ends: weights, optimizers, schedules, random state, the data's order, counters, metrics, the module's plain data.
   * Callbacks, loggers and observers hear nothing of it.
   *
   * @param data - The data to train on; left out, that of the running fit or the module's own dataloaders.
   * @throws {@link FulmineError} `ABORTED` when it was stopped, `INVALID_STATE` when another run has the module or the data,
   * and whatever `body` throws.
   */
  async isolated<B, T>(
    module: Module<object, B>,
    data: FitInput<B> | undefined,
    body: (trial: Trial) => Promise<T>,
    options: IsolatedOptions = {},
  ): Promise<T> {
    checkArguments("isolated", options, body);
    const { name = "isolated" } = options;
    if (!isModule(module)) throw (await import("../module/noModule.js")).noModule(module, name);
    return this.#ownership.search(name, { module, data: partsOf(data) }, async (claims) => {
      if (!this.#ownership.isRunning) this.state.reseed(this.options.seed);
      await this.ready(module);
      // Only a run that is under way has somebody who tears the data down.
      await (this.#ownership.isRunning ? this.#prepared : new PreparedData()).prepare(data, "fit");
      return this.#isolate(module, data, body, options, claims);
    });
  }

  async #isolate<B, T>(
    module: Module<object, B>,
    data: FitInput<B> | undefined,
    body: (trial: Trial) => Promise<T>,
    options: IsolatedOptions,
    claims: Claims,
  ): Promise<T> {
    return this.#attached(module, [options.signal], async (signal) => {
      const { isolated, trialRun } = await import("../isolation/isolation.js");
      const [outer, live, { seed }] = [this.state, this.#liveRun(module), options];
      const { run, free, renew } = await trialRun({
        ...{ trainer: this, runner: this.stepRunner, state: outer, live },
        ...{ module, data, seed, claims, signal },
      });
      const before = this.trialOf;
      [this.state, this.trialOf] = [run.state, run];
      try {
        return await isolated(run, (trial) => (renew(), body(trial)), seed);
      } finally {
        [this.state, this.trialOf] = [outer, before];
        free();
      }
    });
  }

  /**
   * Takes down everything that the present fit needs to go on later as if it had never stopped.
   *
   * @throws {@link FulmineError} `INVALID_STATE` outside a fit, or between batches whose gradients are still gathered.
   */
  async checkpoint(): Promise<Checkpoint> {
    const { makeCheckpoint } = await loadCheckpoints();
    return makeCheckpoint(this.active);
  }

  /** Writes {@link Trainer.checkpoint} to a file, whole or not at all. */
  async saveCheckpoint(path: string): Promise<void> {
    checkOptions({ path }, { path: text("the path of a file") }, "saveCheckpoint");
    const { encodeCheckpoint } = await loadCheckpoints();
    await this.files.write(path, await encodeCheckpoint(await this.checkpoint()));
  }

  /** Like {@link Trainer.saveCheckpoint}, but replaces no file: gives `false` where one is. */
  async saveNewCheckpoint(path: string): Promise<boolean> {
    const { encodeCheckpoint, writeNew } = await loadCheckpoints();
    return writeNew(this.files, path, await encodeCheckpoint(await this.checkpoint()));
  }

  async #score<B>(
    stage: "validate" | "test",
    module: Module<object, B>,
    data: DataSource<B> | Dataloaders<B> | undefined,
  ): Promise<Metrics> {
    const pass = (run: Run<B>, source: BatchSource<B>) =>
      this.#finalizing(async () => {
        const { metrics } = await evaluate(run, source, stage, (means) => this.#log(means));
        return { status: run.signal.aborted ? "interrupted" : "finished", metrics };
      });
    const { metrics } = await this.#heldOut(stage, module, data, pass);
    return metrics;
  }

  /** Tells the loggers how a run ended. */
  async #finalizing<T extends { readonly status: RunStatus }>(run: () => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await run();
    } catch (error) {
      const ended = notifyLoggers(this.loggers, (logger) => logger.finalize?.("failed"));
      await ended.catch((second: unknown) => this.#alsoFailed("A logger's finalize", second));
      throw error;
    }
    await notifyLoggers(this.loggers, (logger) => logger.finalize?.(result.status));
    return result;
  }

  /** Of a run that failed its own error is the one to know; what fails besides, as it ends, is shown. */
  #alsoFailed(what: string, error: unknown): void {
    this.display.warn(`${what} failed too: ${String(error)}`);
  }

  async #heldOut<B, T>(
    stage: "validate" | "test" | "predict",
    module: Module<object, B>,
    data: DataSource<B> | Dataloaders<B> | undefined,
    pass: (run: Run<B>, source: BatchSource<B>) => Promise<T>,
  ): Promise<T> {
    const callbacks = () => Promise.resolve(this.callbacks);
    return this.#session(stage, module, data, callbacks, async (run, claims) => {
      const { heldOutData } = await import("../loops/data/heldOutData.js");
      const source = await heldOutData(module, data, stage, this.options, claims);
      source.renew?.();
      return pass(run, source);
    });
  }

  /** Frames a run: one at a time, with its hooks. */
  async #session<B, T>(
    stage: Stage,
    module: Module<object, B>,
    data: GivenData<B>,
    makeCallbacks: () => Promise<readonly Callback[]>,
    body: (run: Run<B>, claims: Claims) => Promise<T>,
  ): Promise<T> {
    if (!isModule(module)) throw (await import("../module/noModule.js")).noModule(module, stage);
    return this.#ownership.run(stage, { module, data: partsOf(data) }, async (claims) => {
      this.state.reseed(this.options.seed);
      try {
        const callbacks = await makeCallbacks();
        await this.ready(module);
        const hooks = new Hooks({
          ...{ trainer: this, module: module as Module, callbacks, observers: this.events },
          children: this.#ownership.children,
        });
        return await this.#attached(module, [], (signal) => {
          const start = { module, hooks, signal, state: this.state, runner: this.stepRunner };
          const framed: FramedData = {
            prepare: async () => {
              await module.prepareData?.();
              await this.#prepared.prepare(data, stage);
            },
            tearDown: () => this.#prepared.tearDown(stage),
          };
          return withSetup(hooks, stage, framed, this.#alsoFailed.bind(this), async () =>
            body(await makeRun(start, this.options), claims),
          );
        });
      } finally {
        this.state.metrics.discard();
        this.active = null;
      }
    });
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
      if (outerSignal === null) this.stepRunner.end();
      this.#signal = outerSignal;
      module.attachTrainer(outerTrainer);
      interruption.dispose();
    }
  }

  async #configureOptimizers<B>(
    { module, variables }: Run<B>,
    claims: Claims,
  ): Promise<ConfiguredOptimizers> {
    const { config, isOwn } = configure(module);
    const configured = await attachOptimizers(config, variables, claims);
    const { optimizers } = configured;
    for (const old of this.configured) if (!optimizers.includes(old)) free(old);
    freeLeftBehind(module, optimizers);
    for (const optimizer of optimizers) if (isOwn(optimizer)) leaveBehind(optimizer, module);
    this.configured = optimizers;
    return configured;
  }

  #liveRun<B>(module: Module<object, B>): Run<B> | null {
    const active: Run<unknown> | null = this.active;
    return (active?.module as object | undefined) === module ? (active as Run<B> | null) : null;
  }

  #limits<B>({ train }: Run<B>, isResumed: boolean): FitLimits {
    // Who resumes has tried the held-out data before.
    const options = isResumed ? { ...this.options, numSanityValSteps: 0 } : this.options;
    return fitLimits(options, this.maxEpochs, train.length, (metrics) => this.#log(metrics));
  }

  async #log(metrics: Metrics): Promise<void> {
    if (Object.keys(metrics).length === 0) return;
    await notifyLoggers(this.loggers, (logger) => logger.logMetrics(metrics, this.globalStep));
  }
}
