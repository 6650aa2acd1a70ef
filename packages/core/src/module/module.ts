import type { Tensor, TensorContainer } from "@tensorflow/tfjs-core";
import type { DataSource } from "../data/toBatchSource.js";
import { mapLeaves, type Batch } from "../tensors/batch.js";
import type { Callback } from "./callback.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { LossAndGradients } from "../step/gradients.js";
import { manualStepOf } from "../step/manualStep.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { LogOptions } from "../loggers/metricStore.js";
import { ModuleHooks } from "../hooks/moduleHooks.js";
import type { OptimizerConfig } from "./optimizerConfig.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { Training, TrainerView } from "./trainerView.js";

/** What a training step gives: the scalar loss, alone or with whatever callbacks may want to see beside it. */
export type StepOutput = Tensor | { readonly loss: Tensor };

/** What a training step gives that may optimize manually. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a manual step need not return anything
export type ManualStepOutput = StepOutput | void | Promise<StepOutput | void>;

/**
 * What is trained: a model together with how it learns.
 *
 * Its variables are found in its own properties: `tf.Variable`s, layers and models of `tf.layers`, and arrays, maps, plain
 * objects and objects of your own classes that hold them; private fields (#) can't be seen. `trainingStep` must be synchronous and may call whatever TensorFlow.js can differentiate.
 *
 * @typeParam H - The hyperparameters; a found learning rate is written there.
 * @typeParam B - The batches that the data gives.
 * @example
 * ```ts
 * class Digits extends Module<{ lr: number }> {
 *   readonly net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [64], units: 10 })] });
 *   trainingStep({ xs, ys }: Batch) {
 *     return tf.losses.softmaxCrossEntropy(ys, this.net.apply(xs, { training: true }) as tf.Tensor2D);
 *   }
 *   configureOptimizers() { return adam({ lr: this.hparams.lr }); }
 * }
 * ```
 */
export abstract class Module<H extends object = object, B = Batch> extends ModuleHooks {
  /** The hyperparameters: a copy of those given, as deep as they are plain objects and arrays. */
  readonly hparams: H;
  #trainer: TrainerView | null = null;

  constructor(...[hparams]: object extends H ? [hparams?: H] : [hparams: H]) {
    super();
    this.hparams = mapLeaves(hparams ?? {}, (leaf) => leaf) as H;
  }

  /** The Trainer that runs the module, `null` outside a run. */
  get trainer(): TrainerView | null {
    return this.#trainer;
  }

  /** Tells the module who runs it; called by the Trainer. */
  attachTrainer(trainer: TrainerView | null): void {
    this.#trainer = trainer;
  }

  /**
   * Whether the Trainer differentiates the loss and lets the optimizers step. With `false` a training step does so itself
   * by `manualBackward` and `manualStep`, and may be async.
   * @defaultValue true
   */
  readonly automaticOptimization: boolean = true;

  /**
   * The loss of one batch: a scalar tensor, or an object that has it as `loss`. Must not be async, and must return the
   * loss, unless the module optimizes manually.
   */
  abstract trainingStep(batch: B, batchIdx: number): ManualStepOutput;

  /** Scores one held-out batch, usually by `log`; what it returns as a loss can be used by a finder. */
  validationStep?(batch: B, batchIdx: number): StepOutput | undefined;

  /** Scores one test batch, usually by `log`. */
  testStep?(batch: B, batchIdx: number): StepOutput | undefined;

  /** The predictions for one batch: a tensor, or an array or object of them. */
  predictStep?(batch: B, batchIdx: number): TensorContainer;

  /** Callbacks that come with the module; they are called after the Trainer's own. */
  configureCallbacks?(): readonly Callback[];

  /**
   * Remembers what training changes and the Trainer can't see: state other than variables and plain data, such as a
   * metric's. Called when something is tried out that must leave no trace.
   *
   * @returns A function that puts it back.
   */
  isolate?(): () => void;

  /** Fetches what the data needs, once before a run; may be async. */
  prepareData?(): void | Promise<void>;

  /** The training data, for a Trainer that is given none. */
  trainDataloader?(): DataSource<B>;

  /** The held-out data, for a Trainer that is given none. */
  valDataloader?(): DataSource<B>;

  /** The test data, for a Trainer that is given none. */
  testDataloader?(): DataSource<B>;

  /** The data to predict, for a Trainer that is given none. */
  predictDataloader?(): DataSource<B>;

  /** The optimizer to train with: one or several, each with a schedule or without. */
  abstract configureOptimizers(): OptimizerConfig;

  /**
   * Records a metric from within a step.
   *
   * @param name - The metric's name, e.g. `"train_loss"`.
   * @param value - A number or a scalar tensor, which stays yours.
   * @param options - When it is shown and logged; see {@link LogOptions}.
   */
  log(name: string, value: number | Tensor, options: LogOptions = {}): void {
    this.#trainer?.metrics.record(name, value, options);
  }

  /**
   * The optimizers, for steps and hooks while the module is trained.
   *
   * @throws {@link FulmineError} `INVALID_STATE` while it is not, or before `configureOptimizers` was called.
   */
  optimizers(): readonly Optimizer[] {
    return this.#training().optimizers;
  }

  /**
   * The schedules, for steps and hooks while the module is trained. With manual optimization the module moves them itself,
   * by their `move`.
   *
   * @throws {@link FulmineError} `INVALID_STATE` while it is not, or before `configureOptimizers` was called.
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
      {
        todo: "Ask for them in `trainingStep`, or in a hook from `onFitStart` to `onFitEnd`.",
      },
    );
  }

  /**
   * Differentiates a loss with respect to an optimizer's parameters, in a training step with manual optimization.
   *
   * @param loss - Computes the loss, a scalar, synchronously.
   * @returns The loss and the gradients; hand these to `manualStep`, which frees them. The loss is freed after the training
   * step unless it is kept by `tf.keep`.
   */
  manualBackward(loss: () => Tensor, optimizer: Optimizer): LossAndGradients {
    return manualStepOf(this).backward(loss, optimizer);
  }

  /** Lets an optimizer step with gradients of `manualBackward`, and frees them. */
  async manualStep(optimizer: Optimizer, gradients: LossAndGradients["gradients"]): Promise<void> {
    await manualStepOf(this).step(optimizer, gradients);
  }
}
