import type { Tensor } from "@tensorflow/tfjs-core";
import cloneDeep from "lodash/cloneDeep.js";
import type { DataSource } from "./data/toBatchSource.js";
import type { Batch } from "./batch.js";
import type { LogOptions } from "./logging/metricStore.js";
import { ModuleHooks } from "./moduleHooks.js";
import type { OptimizerConfig } from "./optim/optimizerConfig.js";
import type { Trainer } from "./trainer.js";

/** What a training step gives: the scalar loss, alone or with whatever callbacks may want to see beside it. */
export type StepOutput = Tensor | { readonly loss: Tensor };

/**
 * What is trained: a model together with how it learns.
 *
 * Its variables are found in its own properties: `tf.Variable`s, layers and models of `tf.layers`, and arrays, maps and
 * plain objects of them. `trainingStep` must be synchronous and may call whatever TensorFlow.js can differentiate.
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
  /** The hyperparameters: a deep copy of those given, so that two modules never share them. */
  readonly hparams: H;
  #trainer: Trainer | null = null;

  constructor(...[hparams]: object extends H ? [hparams?: H] : [hparams: H]) {
    super();
    this.hparams = cloneDeep(hparams ?? ({} as H));
  }

  /** The Trainer that runs the module, `null` outside a run. */
  get trainer(): Trainer | null {
    return this.#trainer;
  }

  /** Tells the module who runs it; called by the Trainer. */
  attachTrainer(trainer: Trainer | null): void {
    this.#trainer = trainer;
  }

  /** The loss of one batch: a scalar tensor, or an object that has it as `loss`. Must not be async. */
  abstract trainingStep(batch: B, batchIdx: number): StepOutput;

  /** Scores one held-out batch, usually by `log`; what it returns as a loss can be used by a finder. */
  validationStep?(batch: B, batchIdx: number): StepOutput | undefined;

  /** The training data, for a Trainer that is given none. */
  trainDataloader?(): DataSource<B>;

  /** The held-out data, for a Trainer that is given none. */
  valDataloader?(): DataSource<B>;

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
}
