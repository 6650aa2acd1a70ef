// A training file that separates two clouds of points by a line.
import * as tf from "@tensorflow/tfjs";
import { adam, DataLoader, Module, RandomState, seeded } from "fulmine";

// eslint-disable-next-line no-console -- a command must keep this out of its JSON
console.log("a training file may print");

class Clouds extends Module {
  net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] });
  trainingStep({ xs, ys }) {
    return tf.losses.sigmoidCrossEntropy(ys, this.net.apply(xs));
  }
  validationStep(batch) {
    const loss = this.trainingStep(batch);
    this.log("val_loss", loss, { onEpoch: true });
    return loss;
  }
  configureOptimizers() {
    return adam({ lr: this.hparams.lr });
  }
}

function clouds(seed) {
  const random = new RandomState(seed);
  const points = Float32Array.from({ length: 512 }, (_, at) => random.float() + (at % 4 < 2 ? -1 : 0.2));
  const labels = Float32Array.from({ length: 256 }, (_, at) => (at % 2 === 0 ? 0 : 1));
  const fields = { xs: { values: points, shape: [256, 2] }, ys: { values: labels, shape: [256, 1] } };
  return new DataLoader(fields, { batchSize: 32, shuffle: true });
}

export const model = () => seeded(1, () => new Clouds({ lr: 1e-3 }));
export const data = () => ({ train: clouds(1), val: clouds(2) });
export const trainer = { maxEpochs: 2, seed: 1, enableModelSummary: false };
