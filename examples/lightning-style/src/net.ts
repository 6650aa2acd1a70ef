import * as tf from "@tensorflow/tfjs";
import { adam, Module, type Batch } from "fulmine";

/** A net for 64 pixels; which of its hyperparameters is the learning rate is for the subclasses to say. */
abstract class Net<H extends object> extends Module<H> {
  readonly net = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [64], units: 64, activation: "relu" }),
      tf.layers.dense({ units: 10 }),
    ],
  });

  trainingStep({ xs, ys }: Batch) {
    return tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), 10), this.net.apply(xs) as tf.Tensor2D);
  }

  override validationStep(batch: Batch) {
    const loss = this.trainingStep(batch);
    this.log("val_loss", loss, { onEpoch: true, progBar: true });
    return loss;
  }
}

/** Has its rate where the finder looks by itself. */
export class UsualNet extends Net<{ lr: number }> {
  configureOptimizers() {
    return adam({ lr: this.hparams.lr });
  }
}

/** Calls its rate `s`. */
export class OddNet extends Net<{ s: number }> {
  configureOptimizers() {
    return adam({ lr: this.hparams.s });
  }
}
