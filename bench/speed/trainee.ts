import * as tf from "@tensorflow/tfjs";
import { adam, Module, type Batch } from "fulmine";

/** A net as a module that learns to classify, with softmax cross-entropy and Adam. */
export abstract class Trainee extends Module<{ lr: number }> {
  constructor() {
    super({ lr: 1e-3 });
  }

  /** The classes' logits for a batch of examples. */
  protected abstract logits(xs: tf.Tensor): tf.Tensor2D;

  trainingStep({ xs, ys }: Batch) {
    return tf.losses.softmaxCrossEntropy(ys, this.logits(xs));
  }

  configureOptimizers() {
    return adam({ lr: this.hparams.lr });
  }
}

/** A net that is made of layers. */
export class NetTrainee extends Trainee {
  readonly net: tf.Sequential;

  constructor(net: tf.Sequential) {
    super();
    this.net = net;
  }

  protected override logits(xs: tf.Tensor): tf.Tensor2D {
    return this.net.apply(xs, { training: true }) as tf.Tensor2D;
  }
}
