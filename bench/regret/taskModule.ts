import * as tf from "@tensorflow/tfjs";
import { adam, adamw, Module, rmsprop, sgd, type Batch, type OptimizerConfig } from "@fulmine/core";
import { makeNet } from "./makeNet.js";
import type { RegretTask } from "./regretTask.js";

/** A task's network, loss and optimizer. */
export class TaskModule extends Module<{ lr: number }> {
  readonly net: tf.Sequential;
  readonly #task: RegretTask;
  readonly #classes: number;

  constructor(task: RegretTask, seed: number, lr: number) {
    super({ lr });
    this.#task = task;
    this.net = makeNet(task.spec.layers, task.train.xs.shape.slice(1), seed);
    this.#classes = this.net.outputs[0]?.shape.at(-1) ?? 1;
  }

  trainingStep(batch: Batch): tf.Tensor {
    return this.#loss(batch, true);
  }

  override validationStep(batch: Batch): tf.Tensor {
    return this.#loss(batch, false);
  }

  #loss({ xs, ys }: Batch, training: boolean): tf.Tensor {
    const output = this.net.apply(xs, { training }) as tf.Tensor2D;
    if (this.#task.spec.loss === "mse") return tf.mean(tf.squaredDifference(output, ys));
    return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.cast(ys, "int32"), this.#classes), output);
  }

  configureOptimizers(): OptimizerConfig {
    const { lr } = this.hparams;
    const { type, momentum = 0, weightDecay = 0 } = this.#task.spec.optimizer;
    switch (type) {
      case "sgd":
        return sgd({ lr, momentum, weightDecay });
      case "adam":
        return adam({ lr, weightDecay });
      case "adamw":
        return adamw({ lr, weightDecay });
      case "rmsprop":
        return rmsprop({ lr });
    }
  }
}
