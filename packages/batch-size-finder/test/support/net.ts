import * as tf from "@tensorflow/tfjs";
import { adam, DataLoader, Module, Trainer, type Batch } from "@fulmine/core";
import { withBatchSizeFinder } from "../../src/index.js";

export const SizingTrainer = withBatchSizeFinder(Trainer);
export const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1 } as const;

export const fields = {
  xs: { values: Float32Array.from({ length: 600 * 3 }, (_, at) => Math.sin(at)), shape: [600, 3] },
  ys: { values: Float32Array.from({ length: 600 }, (_, at) => Math.cos(at)), shape: [600, 1] },
};
export const makeLoader = (batchSize = 20) => new DataLoader(fields, { batchSize, shuffle: true });

export class Net extends Module<{ batchSize: number; lr: number }> {
  readonly net = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 4,
        inputShape: [3],
        activation: "tanh",
        kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
      }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotNormal({ seed: 2 }) }),
    ],
  });
  largest = Infinity;
  sizes: number[] = [];

  constructor(batchSize = 20) {
    super({ batchSize, lr: 0.01 });
  }

  trainingStep({ xs, ys }: Batch): tf.Scalar {
    const [examples = 0] = xs.shape;
    this.sizes.push(examples);
    if (examples > this.largest) throw new Error("OOM when allocating tensor with shape[64,3]");
    return tf.losses.meanSquaredError(ys, this.net.apply(xs, { training: true }) as tf.Tensor);
  }

  configureOptimizers() {
    return adam({ lr: this.hparams.lr });
  }
}

export class OwnData extends Net {
  override trainDataloader() {
    return makeLoader(this.hparams.batchSize);
  }
}

export const weightsOf = ({ net }: Net): number[][] =>
  net.getWeights().map((weight) => [...weight.dataSync()]);
