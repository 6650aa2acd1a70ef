// A training file whose loss does not depend on the learning rate.
import * as tf from "@tensorflow/tfjs";
import { DataLoader, Module, sgd } from "fulmine";

class Flat extends Module {
  weight = tf.variable(tf.scalar(1));
  trainingStep() {
    return tf.add(tf.mul(this.weight, 0), 1);
  }
  configureOptimizers() {
    return sgd({ lr: this.hparams.lr });
  }
}

const ones = new Float32Array(8).fill(1);
export default {
  model: new Flat({ lr: 0.1 }),
  data: { train: new DataLoader({ xs: ones, ys: ones }, { batchSize: 1 }) },
};
