import * as tf from "@tensorflow/tfjs";
import { adam, cosineAnnealingLr, Module, type Batch } from "fulmine";

/** A small net that reads handwritten digits. */
export class Digits extends Module<{ lr: number; hidden: number; epochs: number }> {
  readonly net = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [64], units: this.hparams.hidden, activation: "relu" }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.3 }),
      tf.layers.dense({ units: this.hparams.hidden / 2, activation: "relu" }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 10 }),
    ],
  });

  trainingStep(batch: Batch) {
    return this.score(batch, "train");
  }

  override validationStep(batch: Batch) {
    return this.score(batch, "val");
  }

  configureOptimizers() {
    const { lr, epochs } = this.hparams;
    return { optimizer: adam({ lr }), schedule: cosineAnnealingLr({ period: epochs }) };
  }

  private score({ xs, ys }: Batch, stage: "train" | "val") {
    const logits = this.net.apply(xs, { training: stage === "train" }) as tf.Tensor2D;
    const loss = tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), 10), logits);
    const isRight = tf.equal(tf.argMax(logits, 1), ys);
    this.log(`${stage}_loss`, loss, { onStep: false, onEpoch: true });
    this.log(`${stage}_acc`, tf.mean(tf.cast(isRight, "float32")), { onStep: false, onEpoch: true });
    return loss;
  }
}
