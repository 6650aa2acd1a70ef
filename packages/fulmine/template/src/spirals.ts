import * as tf from "@tensorflow/tfjs";
import { adam, Module, type Batch } from "fulmine";

/** Classifies points by the spiral that they lie on. */
export class Spirals extends Module<{ lr: number; hidden: number }> {
  readonly net = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units: this.hparams.hidden, activation: "tanh" }),
      tf.layers.dense({ units: this.hparams.hidden, activation: "tanh" }),
      tf.layers.dense({ units: 2 }),
    ],
  });

  trainingStep(batch: Batch) {
    return this.score(batch, "train");
  }

  override validationStep(batch: Batch) {
    return this.score(batch, "val");
  }

  configureOptimizers() {
    return adam({ lr: this.hparams.lr });
  }

  private score({ xs, ys }: Batch, stage: "train" | "val") {
    const scores = this.net.apply(xs) as tf.Tensor2D;
    const loss = tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), 2), scores);
    const isRight = tf.equal(tf.argMax(scores, 1), ys);
    this.log(`${stage}_loss`, loss, { onStep: false, onEpoch: true });
    this.log(`${stage}_acc`, tf.mean(tf.cast(isRight, "float32")), { onStep: false, onEpoch: true });
    return loss;
  }
}
