import * as tf from "@tensorflow/tfjs";
import { Module, sgd, type Batch, type Optimizer } from "@fulmine/core";

/** One dense layer that learns to give zeros, for tests that need any model. */
export class DenseNet extends Module {
  readonly net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 3 })] });

  trainingStep({ xs }: Batch): tf.Tensor {
    return tf.mean(tf.square(this.net.apply(xs) as tf.Tensor));
  }

  configureOptimizers(): Optimizer {
    return sgd({ lr: 0.1 });
  }
}
