import { ready as tfReady, type TensorContainer } from "@tensorflow/tfjs-core";
import { fitCallbacks } from "../callbacks/fitCallbacks.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import {
  partsOf,
  type Dataloaders,
  type FitInput,
  type GivenData,
  type ReplacedData,
  type Stage,
} from "../data/dataloaders.js";
import type { BatchSource } from "../data/sources/batchSource.js";
import type { DataSource } from "../data/sources/toBatchSource.js";
import { notifyLoggers, withFinalize, type Metrics } from "../loggers/logger.js";
import { openFitData } from "../loops/data/fitData.js";
import { openHeldOutData } from "../loops/data/heldOutData.js";
import { PreparedData } from "../run/preparedData.js";
import { evaluate } from "../loops/evaluate.js";
import { fitLoop, type FitResult } from "../loops/fit.js";
import { fitLimits } from "../loops/fitLimits.js";
import { runLength } from "../loops/runLength.js";
import { checkManual } from "../loops/manualOptimization.js";
import type { Callback } from "../module/callback.js";
import { configureOptimizers, disposeOptimizer } from "../module/configuredOptimizers.js";
import { isModule, notAModule } from "../module/isModule.js";
import type { Module } from "../module/module.js";
import { checkTrainerOptions, trainerValidators, type TrainerOptions } from "../module/trainerOptions.js";
import type { Training } from "../module/trainerView.js";
import type { IsolatedOptions, Trial } from "../module/trial.js";
import type { Validators } from "../options/validators.js";
import type { Claims } from "../ownership/claims.js";
import { Ownership } from "../ownership/ownership.js";
import { listenForInterruption } from "../platform/interruption.js";
import { prepareResume } from "../resume/prepareResume.js";
import { Hooks } from "../run/hooks.js";
import { makeRun, type Run } from "../run/run.js";
import { withSetup } from "../run/withSetup.js";
import { checkArguments } from "./checkArguments.js";
import { bestCheckpointsOf } from "./savedCheckpoints.js";
import { TrainerBase } from "./trainerBase.js";

/** What a run is asked for. */
interface GivenRun<B, Data> {
  readonly module: Module<object, B>;
  readonly data: Data | undefined;
  readonly options: RunOptions;
}

/** The options of a run. */
export interface RunOptions {
  /**
   * A checkpoint: `"best"` or `"last"` of this Trainer's last fit, the path of a file, or the checkpoint itself. `fit`
   * continues from it; the other runs load its weights first, and the module keeps them. @defaultValue none
   */
  readonly checkpoint?: string | Checkpoint;
}

/**
 * Trains, evaluates and runs a {@link Module}.
 *
 * `fit` opens the data, lets plug-ins act in {@link Trainer.beforeFit}, configures the optimizers, and hands everything to
 * the fit loop. All hooks are called in one place, `Hooks`. Callbacks, loggers and plug-ins see the Trainer as a
 * {@link TrainerView}.
 *
 * @throws FulmineError `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the option.
 * @example
 * ```ts
 * const trainer = new Trainer({ maxEpochs: 20, seed: 1 });
 * const { status, metrics } = await trainer.fit(model, { train, val });
 * ```
 */
export class Trainer extends TrainerBase {
  /** Validators of the options; a mixin that adds options adds their validators. */
  static readonly optionEntries: Validators = trainerValidators;

  readonly #ownership = new Ownership(this);
  readonly #prepared = new PreparedData();
  #signal: AbortSignal | null = null;
  /** The callbacks of the last fit, which know what it saved. */
  #fitted: readonly Callback[] = [];

  constructor(options: TrainerOptions = {}) {
    checkTrainerOptions(options, new.target.optionEntries);
    super(options);
  }

  /** Awaited at the start of every run, for plug-ins that load something first. */
  async ready(module: object): Promise<void> {
    await Promise.resolve(module);
    await tfReady();
  }

  /**
   * Awaited once before training, for plug-ins such as a learning-rate finder. The dataloaders of the module or the
   * DataModule are called afterwards, so that they see what it changes.
   *
   * @returns Data that replaces the given data, or nothing.
   */
  async beforeFit<B>(module: Module<object, B>, data: FitInput<B> | undefined): Promise<ReplacedData<B>> {
    await Promise.resolve([module, data]);
  }

  /**
   * Awaited in a fit once its optimizers and schedules are configured, before a checkpoint is restored, for plug-ins that check
   * them.
   */
  async afterConfigure<B>(module: Module<object, B>, configured: Training): Promise<void> {
    await Promise.resolve([module, configured]);
  }

  /**
   * Frees the optimizers of the last fit; the Trainer can be used again. Optimizers that `configureOptimizers` creates at
   * each call are also freed when any Trainer fits their module again.
   *
   * @throws FulmineError `INVALID_STATE` while the Trainer runs.
   */
  dispose(): void {
    this.#ownership.requireIdle("dispose");
    for (const optimizer of this.configured) disposeOptimizer(optimizer);
    this.configured = [];
  }

  /**
   * Trains a module.
   *
   * @param data - `train`, and optionally `val` for validation; or a DataModule. Without it, the module's own dataloaders are
   * used.
   * @param options - `checkpoint`: the checkpoint from which training continues; see {@link RunOptions}.
   * @throws FulmineError `INVALID_MODULE`, `INVALID_DATA`, `EMPTY_DATA`, `INVALID_STEP`, `INVALID_STATE`,
   * `INVALID_CHECKPOINT`, and any error of a step, a hook or the data.
   */
  async fit<B>(module: Module<object, B>, data?: FitInput<B>, options: RunOptions = {}): Promise<FitResult> {
    checkArguments("fit", options);
    const callbacks = async () =>
      (this.#fitted = await fitCallbacks(this.options, this.callbacks, module.configureCallbacks?.()));
    return this.#session("fit", { module, data, options }, callbacks, async (session, claims, checkpoint) => {
      if (session.isManual) checkManual(this.options);
      const resume = await prepareResume(session.hooks, checkpoint, this.files);
      this.resumed = resume?.checkpoint ?? null;
      this.state.reset();
      const sources = await openFitData({
        ...{ module, data, claims, options: this.options, prepared: this.#prepared },
        beforeFit: () => this.#ownership.children.within(() => this.beforeFit(module, data)),
      });
      const length = runLength(this.options, {
        ...{ maxEpochs: this.maxEpochs, batches: sources.train.length },
        accumulateGradBatches: this.accumulateGradBatches,
        isManual: session.isManual,
      });
      const configured = await configureOptimizers(session, claims, this.configured, length);
      this.configured = configured.optimizers;
      await this.afterConfigure(module, configured);
      const run = { ...session, ...sources, ...configured };
      this.active = run;
      await resume?.restore(run);
      await notifyLoggers(this.loggers, (logger) =>
        logger.logHyperparams(module.hparams as Record<string, unknown>),
      );
      return withFinalize(this.loggers, this.#reportSecondary, async () => {
        await run.hooks.call("onFitStart");
        const { length } = run.train;
        const isResumed = resume !== null;
        const limits = fitLimits(this.options, {
          maxEpochs: this.maxEpochs,
          length,
          isResumed,
          log: this.logMetrics,
        });
        const { status, history } = await fitLoop(run, limits);
        await run.hooks.call("onFitEnd");
        const { currentEpoch: epochs, globalStep: steps, callbackMetrics } = this;
        const [bestCheckpoint = null] = bestCheckpointsOf(this.#fitted);
        return { status, epochs, steps, metrics: { ...callbackMetrics }, history, bestCheckpoint };
      });
    });
  }

  /**
   * Evaluates a module with its `validationStep`.
   *
   * @param data - The data, or a DataModule. Without it, the module's `valDataloader` is used.
   * @param options - `checkpoint`: the checkpoint whose weights are loaded first. The module keeps them, with its own
   * hyperparameters; its `onLoadCheckpoint` is called.
   * @returns The means of the logged metrics.
   * @throws FulmineError as {@link Trainer.fit}.
   * @example
   * ```ts
   * const { val_loss } = await trainer.validate(model, val, { checkpoint: "best" });
   * ```
   */
  async validate<B>(
    module: Module<object, B>,
    data?: DataSource<B> | Dataloaders<B>,
    options: RunOptions = {},
  ): Promise<Metrics> {
    return this.#evaluate("validate", module, data, options);
  }

  /** Evaluates a module like {@link Trainer.validate}, with its `testStep` and `testDataloader`. */
  async test<B>(
    module: Module<object, B>,
    data?: DataSource<B> | Dataloaders<B>,
    options: RunOptions = {},
  ): Promise<Metrics> {
    return this.#evaluate("test", module, data, options);
  }

  /**
   * Makes predictions with the module's `predictStep`.
   *
   * @param data - The data, or a DataModule. Without it, the module's `predictDataloader` is used.
   * @param options - `checkpoint`, as for {@link Trainer.validate}.
   * @returns The predictions of each batch; the caller disposes their tensors.
   * @throws FulmineError as {@link Trainer.fit}.
   */
  async predict<B>(
    module: Module<object, B>,
    data?: DataSource<B> | Dataloaders<B>,
    options: RunOptions = {},
  ): Promise<TensorContainer[]> {
    return this.#heldOut("predict", { module, data, options }, async (run, source) => {
      const { predictLoop } = await import("../loops/predict.js");
      return predictLoop(run, source);
    });
  }

  /**
   * Runs a function that may train the module, then restores all state bit for bit, even after an error: weights,
   * optimizers, schedules, random state, data order, counters, metrics and the module's plain data. Callbacks, loggers and
   * observers are not called.
   *
   * @param data - The training data. Without it, the data of the running fit or the module's own dataloaders are used.
   * @param body - Receives a {@link Trial}, which trains and validates.
   * @throws FulmineError `ABORTED` when it was stopped, `INVALID_STATE` when another run uses the module or the data,
   * and any error of `body`.
   */
  async isolated<B, T>(
    module: Module<object, B>,
    data: FitInput<B> | undefined,
    body: (trial: Trial) => Promise<T>,
    options: IsolatedOptions = {},
  ): Promise<T> {
    checkArguments("isolated", options, body);
    const { name = "isolated", seed } = options;
    if (!isModule(module)) throw notAModule(module, name);
    return this.#ownership.search(name, { module, data: partsOf(data) }, async (claims) => {
      const { isRunning } = this.#ownership;
      if (!isRunning) this.state.reseed(this.options.seed);
      await this.ready(module);
      // Only a run tears down what it has prepared, so a search outside a run prepares its own.
      await (isRunning ? this.#prepared : new PreparedData()).prepare(data, "fit");
      return this.#withModule(module, [options.signal], async (signal) => {
        const { isolated } = await import("../isolation/isolated.js");
        const { trialRun } = await import("../isolation/trialRun.js");
        const [state, trialOf] = [this.state, this.trialOf];
        const live = this.runOf(module, this.active) as Run<B> | null;
        const { run, free, renew } = await trialRun({
          ...{ trainer: this, runner: this.stepRunner, state, live },
          ...{ module, data, seed, claims, signal },
        });
        [this.state, this.trialOf] = [run.state, run];
        try {
          return await isolated(run, (trial) => (renew(), body(trial)), seed);
        } finally {
          [this.state, this.trialOf] = [state, trialOf];
          free();
        }
      });
    });
  }

  async #evaluate<B>(
    stage: "validate" | "test",
    module: Module<object, B>,
    data: DataSource<B> | Dataloaders<B> | undefined,
    options: RunOptions,
  ): Promise<Metrics> {
    const { metrics } = await this.#heldOut(stage, { module, data, options }, (run, source) =>
      withFinalize(this.loggers, this.#reportSecondary, async () => {
        const { metrics } = await evaluate(run, source, stage, this.logMetrics);
        // A copy, because the record itself has no prototype, and consoles say so.
        return { status: run.signal.aborted ? "interrupted" : "finished", metrics: { ...metrics } };
      }),
    );
    return metrics;
  }

  /** Runs one pass over held-out data, with the weights of a checkpoint if one is chosen. */
  async #heldOut<B, T>(
    stage: "validate" | "test" | "predict",
    given: GivenRun<B, DataSource<B> | Dataloaders<B>>,
    pass: (run: Run<B>, source: BatchSource<B>) => Promise<T>,
  ): Promise<T> {
    const { module, data, options } = given;
    checkArguments(stage, options);
    const callbacks = () => this.callbacks;
    return this.#session(stage, given, callbacks, async (run, claims, checkpoint) => {
      const source = await openHeldOutData(module, data, stage, this.options, claims);
      // After everything that can fail, because the module keeps the weights.
      if (checkpoint !== undefined) {
        const { readCheckpoint } = await import("../checkpoint/checkpointFile.js");
        const { loadWeights } = await import("../resume/restoreWeights.js");
        await loadWeights(module, await readCheckpoint(checkpoint, this.files));
      }
      const result = await pass(run, source);
      if (run.signal.aborted)
        this.display.warn(`\`${stage}\` was interrupted: its result covers only the batches before.`);
      return result;
    });
  }

  /** Finds the checkpoint of a run; in a list, because a promise would look for a `then` in what is given. */
  async #chosen({ checkpoint }: RunOptions): Promise<readonly [RunOptions["checkpoint"]]> {
    if (checkpoint !== "best" && checkpoint !== "last") return [checkpoint];
    const { chosenCheckpoint } = await import("./chosenCheckpoint.js");
    return [chosenCheckpoint(checkpoint, this.#fitted, this.isDevRun)];
  }

  /** Claims the module and the data for a run, sets everything up, and tears it down afterwards. */
  async #session<B, T>(
    stage: Stage,
    { module, data, options }: GivenRun<B, GivenData<B>>,
    makeCallbacks: () => readonly Callback[] | Promise<readonly Callback[]>,
    body: (run: Run<B>, claims: Claims, checkpoint: RunOptions["checkpoint"]) => Promise<T>,
  ): Promise<T> {
    if (!isModule(module)) throw notAModule(module, stage);
    return this.#ownership.run(stage, { module, data: partsOf(data) }, async (claims) => {
      this.state.reseed(this.options.seed);
      try {
        // The callbacks forget what they saved when the next fit sets them up.
        const [checkpoint] = await this.#chosen(options);
        const callbacks = await makeCallbacks();
        await this.ready(module);
        const hooks = new Hooks({
          ...{ trainer: this, module: module as Module, callbacks, observers: this.events },
          children: this.#ownership.children,
        });
        const setup = { stage, data, prepared: this.#prepared, reportSecondary: this.#reportSecondary };
        return await this.#withModule(module, [], (signal) =>
          withSetup(hooks, setup, async () => {
            const start = { module, hooks, signal, state: this.state, runner: this.stepRunner };
            return body(await makeRun(start, this.options), claims, checkpoint);
          }),
        );
      } finally {
        this.state.metrics.discard();
        [this.active, this.resumed] = [null, null];
      }
    });
  }

  /** Attaches the Trainer to the module and listens for interruptions while `body` runs. */
  async #withModule<B, T>(
    module: Module<object, B>,
    signals: readonly (AbortSignal | undefined)[],
    body: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const [outerTrainer, outerSignal] = [module.trainer, this.#signal];
    const interruption = listenForInterruption(
      [this.options.signal, outerSignal ?? undefined, ...signals],
      outerSignal === null ? (stop) => this.platform.onInterrupt(stop) : null,
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

  /** Shows an error that follows another one; only the first error of a run is thrown. */
  readonly #reportSecondary = (where: string, error: unknown): void => {
    this.display.warn(`${where} failed too: ${String(error)}`);
  };
}
