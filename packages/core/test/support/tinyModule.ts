import * as tf from "@tensorflow/tfjs";
import { adam, DataLoader, Module, seeded, type Batch, type OptimizerConfig } from "@fulmine/core";

/** A small net with BatchNorm and dropout: what a test overrides to look at one thing. */
export class TinyModule extends Module<{ lr: number }> {
  readonly net = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [4], units: 8, activation: "relu" }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.25 }),
      tf.layers.dense({ units: 3 }),
    ],
  });

  loss({ xs, ys }: Batch, training: boolean): tf.Tensor {
    return tf.losses.softmaxCrossEntropy(
      tf.oneHot(ys.toInt(), 3),
      this.net.apply(xs, { training }) as tf.Tensor2D,
    );
  }

  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- for tests that override it
  trainingStep(batch: Batch, _batchIdx: number): tf.Tensor {
    const loss = this.loss(batch, true);
    this.log("train_loss", loss, { onEpoch: true, onStep: false });
    return loss;
  }

  override validationStep(batch: Batch): tf.Tensor {
    const loss = this.loss(batch, false);
    this.log("val_loss", loss);
    return loss;
  }

  configureOptimizers(): OptimizerConfig {
    return adam({ lr: this.hparams.lr });
  }
}

/** A module of which each call gives an equal one. */
export function makeTiny<M extends Module<{ lr: number }>>(
  Type: new (hparams: { lr: number }) => M,
  seed = 7,
): M {
  return seeded(seed, () => new Type({ lr: 1e-2 }));
}

/** Clusters of points in four dimensions, always the same. */
export function makePoints(size = 96): { xs: { values: Float32Array; shape: number[] }; ys: Int32Array } {
  const ys = Int32Array.from({ length: size }, (_, row) => row % 3);
  const values = Float32Array.from({ length: size * 4 }, (_, at) => {
    const row = Math.floor(at / 4);
    return Math.sin(at * 12.9898) + ((row % 3) - 1) * (at % 4 === row % 3 ? 2 : 0.5);
  });
  return { xs: { values, shape: [size, 4] }, ys };
}

/** The points in shuffled batches of 16; the Trainer's seed decides the order unless one is given. */
export function makeLoader(options: { seed?: number; size?: number; shuffle?: boolean } = {}): DataLoader {
  const { size = 96, shuffle = true, seed } = options;
  return new DataLoader(makePoints(size), {
    batchSize: 16,
    shuffle,
    ...(seed === undefined ? {} : { seed }),
  });
}

/** New loaders for a fit: the points to train on, and half of them in their order to validate. */
export function makeFitData(): { train: DataLoader; val: DataLoader } {
  return { train: makeLoader(), val: makeLoader({ shuffle: false, size: 48 }) };
}

/** The values of all variables of a module, bit for bit. */
export function weightsOf(module: { net: tf.LayersModel }): number[][] {
  return module.net.getWeights().map((weight) => [...weight.dataSync()]);
}
