// A training file without seeds: its weights, data and dropout use Math.random, before and after an await.
import * as tf from "@tensorflow/tfjs";
import { adam, DataLoader, Module } from "fulmine";

const drawnAtImport = Math.random();

class Noisy extends Module {
  net = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units: 4, activation: "relu" }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  offset = tf.variable(tf.scalar(drawnAtImport));
  trainingStep({ xs, ys }) {
    return tf.losses.sigmoidCrossEntropy(ys, tf.add(this.net.apply(xs, { training: true }), this.offset));
  }
  configureOptimizers() {
    return adam({ lr: this.hparams.lr });
  }
}

export const model = async () => {
  const lr = await Promise.resolve(1e-3);
  return new Noisy({ lr });
};
export const data = async () => {
  await Promise.resolve();
  const points = Float32Array.from({ length: 128 }, () => Math.random() - 0.5);
  const labels = Float32Array.from({ length: 64 }, (_, at) => (points[2 * at] > 0 ? 1 : 0));
  const fields = { xs: { values: points, shape: [64, 2] }, ys: { values: labels, shape: [64, 1] } };
  return { train: new DataLoader(fields, { batchSize: 16, shuffle: true }) };
};
export const trainer = { maxEpochs: 1, enableModelSummary: false };
