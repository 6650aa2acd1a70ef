import * as tf from "@tensorflow/tfjs";
import { adam, cyclicLr, Module, type Batch, type OptimizerConfig } from "fulmine";

/** What the net is made with; with a range its rate goes up and down there, `stepSize` steps each way. */
export interface NetOptions {
  lr: number;
  weightDecay: number;
  range: readonly [low: number, high: number] | null;
  stepSize: number;
}

/** A small net on 64 pixels, trained by Adam with weight decay. */
export class Net extends Module<NetOptions> {
  readonly net = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [64], units: 128, activation: "relu" }),
      tf.layers.dense({ units: 64, activation: "relu" }),
      tf.layers.dense({ units: 10 }),
    ],
  });

  trainingStep({ xs, ys }: Batch) {
    const loss = tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), 10), this.logits(xs));
    this.log("train_loss", loss, { onEpoch: true, onStep: false });
    return loss;
  }

  override validationStep({ xs, ys }: Batch) {
    const logits = this.logits(xs);
    const isRight = tf.equal(tf.argMax(logits, 1), ys);
    this.log("val_acc", tf.mean(tf.cast(isRight, "float32")), { onEpoch: true });
    return tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), 10), logits);
  }

  configureOptimizers(): OptimizerConfig {
    const { lr, weightDecay, range, stepSize } = this.hparams;
    const optimizer = adam({ lr, weightDecay });
    if (range === null) return optimizer;
    return { optimizer, schedule: cyclicLr({ range, stepSize }), interval: "step" };
  }

  private logits(xs: tf.Tensor) {
    return this.net.apply(xs) as tf.Tensor2D;
  }
}
