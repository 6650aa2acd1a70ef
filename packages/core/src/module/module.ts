import type { Tensor, TensorContainer } from "@tensorflow/tfjs-core";
import type { DataSource } from "../data/sources/toBatchSource.js";
import { FulmineError } from "../errors/fulmineError.js";
import { ModuleHooks } from "../hooks/moduleHooks.js";
import type { LogOptions } from "../loggers/metricStore.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { LossAndGradients } from "../step/gradients.js";
import { manualStepOf } from "../step/manualStep.js";
import { mapLeaves, type Batch } from "../tensors/batch.js";
import type { Callback } from "./callback.js";
import type { OptimizerConfig } from "./optimizerConfig.js";
import type { Training, TrainerView } from "./trainerView.js";

/** The return value of a step: the loss as a scalar tensor, or an object that contains it as `loss`. */
export type StepOutput = Tensor | { readonly loss: Tensor };

/** The return value of a training step that may use manual optimization. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a manual step need not return anything
export type ManualStepOutput = StepOutput | void | Promise<StepOutput | void>;

/** The return value of a validation or test step: the loss, or nothing. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a step that logs its metrics need not return anything
export type EvaluationStepOutput = StepOutput | void;

/**
 * A model together with its loss and its optimizers. Extend it with `trainingStep` and `configureOptimizers`.
 *
 * The Trainer finds the variables to train in the module's properties: `tf.Variable`s, layers and models of `tf.layers`, and
 * arrays, maps, plain objects and objects of your own classes that contain them. It can't see private fields (`#net`).
 *
 * @typeParam H - The type of the hyperparameters.
 * @typeParam B - The type of a batch.
 * @example
 * ```ts
 * class Digits extends Module<{ lr: number }> {
 *   readonly net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [64], units: 10 })] });
 *   trainingStep({ xs, ys }: Batch) {
 *     return tf.losses.softmaxCrossEntropy(ys, this.net.apply(xs, { training: true }) as tf.Tensor2D);
 *   }
 *   configureOptimizers() { return adam({ lr: this.hparams.lr }); }
 * }
 * await new Trainer({ maxEpochs: 5 }).fit(new Digits({ lr: 1e-3 }), { train });
 * ```
 */
export abstract class Module<H extends object = object, B = Batch> extends ModuleHooks {
  /**
   * The hyperparameters: a copy of the object passed to the constructor, including nested plain objects and arrays. The
   * learning-rate finder writes its result here.
   */
  readonly hparams: H;
  #trainer: TrainerView | null = null;

  constructor(...[hparams]: object extends H ? [hparams?: H] : [hparams: H]) {
    super();
    this.hparams = mapLeaves(hparams ?? {}, (leaf) => leaf) as H;
  }

  /** The Trainer that runs the module; `null` outside a run. */
  get trainer(): TrainerView | null {
    return this.#trainer;
  }

  /** Sets {@link Module.trainer}. Called by the Trainer. */
  attachTrainer(trainer: TrainerView | null): void {
    this.#trainer = trainer;
  }

  /**
   * Whether the Trainer computes the gradients and applies the optimizers. If `false`, the training step does both itself, with
   * `manualBackward` and `manualStep`, and may be async.
   *
   * @defaultValue true
   */
  readonly automaticOptimization: boolean = true;

  /**
   * Computes the loss of one training batch. It must be synchronous, and may call any operation that TensorFlow.js can
   * differentiate. With manual optimization it may be async, and need not return a loss.
   *
   * @param batch - The batch.
   * @param batchIdx - The index of the batch in the epoch, counted from 0.
   * @returns The loss as a scalar tensor, or an object that contains it as `loss`.
   */
  abstract trainingStep(batch: B, batchIdx: number): ManualStepOutput;

  /**
   * Evaluates one validation batch, and usually logs metrics. It must be synchronous.
   *
   * @returns The loss, or nothing. A learning-rate finder or another tuner reads the loss, or else the logged `val_loss`.
   */
  validationStep?(batch: B, batchIdx: number): EvaluationStepOutput;

  /** Evaluates one test batch, and usually logs metrics. It must be synchronous. */
  testStep?(batch: B, batchIdx: number): EvaluationStepOutput;

  /** Computes the predictions for one batch: a tensor, or an array or object of tensors. */
  predictStep?(batch: B, batchIdx: number): TensorContainer;

  /** Returns the optimizer or optimizers to train with, each with or without a learning-rate schedule. */
  abstract configureOptimizers(): OptimizerConfig;

  /** Returns callbacks that the module needs. They are called after those of the Trainer. */
  configureCallbacks?(): readonly Callback[];

  /**
   * Captures state that training changes and that is neither a variable nor plain data, such as that of a metric. Called before
   * a run that must leave no trace, such as a learning-rate search.
   *
   * @returns A function that restores the state.
   */
  isolate?(): () => void;

  /** Downloads or converts the data, once before a run. May be async. */
  prepareData?(): void | Promise<void>;

  /** Returns the training data, if `fit` gets none. */
  trainDataloader?(): DataSource<B>;

  /** Returns the validation data, if `fit` or `validate` gets none. */
  valDataloader?(): DataSource<B>;

  /** Returns the test data, if `test` gets none. */
  testDataloader?(): DataSource<B>;

  /** Returns the prediction data, if `predict` gets none. */
  predictDataloader?(): DataSource<B>;

  /**
   * Logs a metric. Call it in a step or a hook.
   *
   * @param name - The name of the metric, e.g. `"train_loss"`.
   * @param value - A number, or a scalar tensor, which the caller keeps.
   * @param options - When to show the metric and when to send it to the loggers; see {@link LogOptions}.
   */
  log(name: string, value: number | Tensor, options: LogOptions = {}): void {
    this.#trainer?.metrics.record(name, value, options);
  }

  /**
   * Returns the optimizers that train the module. Call it in a step or a hook.
   *
   * @throws FulmineError `INVALID_STATE` outside training, or before `configureOptimizers` was called.
   */
  optimizers(): readonly Optimizer[] {
    return this.#training().optimizers;
  }

  /**
   * Returns the learning-rate schedulers. Call it in a step or a hook. With manual optimization the module must step them
   * itself.
   *
   * @throws FulmineError `INVALID_STATE` outside training, or before `configureOptimizers` was called.
   */
  lrSchedulers(): readonly LrScheduler[] {
    return this.#training().schedulers;
  }

  #training(): Training {
    const training = this.#trainer?.trainingOf(this) ?? null;
    if (training !== null) return training;
    throw new FulmineError(
      "INVALID_STATE",
      "A module has optimizers and schedules only while it is trained.",
      { todo: "Request them in `trainingStep`, or in a hook from `onFitStart` to `onFitEnd`." },
    );
  }

  /**
   * Computes the gradients of a loss with respect to an optimizer's parameters. For manual optimization.
   *
   * @param loss - Computes the loss, a scalar, synchronously.
   * @returns The loss and the gradients. Pass the gradients to `manualStep`, which disposes them. The loss is disposed after the
   * training step, unless `tf.keep` keeps it.
   */
  manualBackward(loss: () => Tensor, optimizer: Optimizer): LossAndGradients {
    return manualStepOf(this).backward(loss, optimizer);
  }

  /** Applies gradients from `manualBackward` with an optimizer, and disposes them. For manual optimization. */
  async manualStep(optimizer: Optimizer, gradients: LossAndGradients["gradients"]): Promise<void> {
    await manualStepOf(this).step(optimizer, gradients);
  }
}
