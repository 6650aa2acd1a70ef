import * as tf from "@tensorflow/tfjs";
import { exponentialLr, Module, sgd, type Batch } from "fulmine";

/** Two layers on 64 pixels, trained by plain gradient descent whose rate falls by a tenth after each epoch. */
export class Net extends Module<{ lr: number; gamma: number }> {
  readonly net = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [64], units: 64, activation: "relu" }),
      tf.layers.dense({ units: 10 }),
    ],
  });

  trainingStep({ xs, ys }: Batch) {
    return tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), 10), this.logits(xs));
  }

  override validationStep({ xs, ys }: Batch) {
    const isRight = tf.equal(tf.argMax(this.logits(xs), 1), ys);
    this.log("val_acc", tf.mean(tf.cast(isRight, "float32")), { onEpoch: true });
    return this.trainingStep({ xs, ys });
  }

  configureOptimizers() {
    const { lr, gamma } = this.hparams;
    return { optimizer: sgd({ lr }), schedule: exponentialLr({ gamma }) };
  }

  private logits(xs: tf.Tensor) {
    return this.net.apply(xs) as tf.Tensor2D;
  }
}
