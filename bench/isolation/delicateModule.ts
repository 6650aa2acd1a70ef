import * as tf from "@tensorflow/tfjs";
import {
  adam,
  cosineAnnealingLr,
  DataLoader,
  Module,
  type Batch,
  type LrScheduler,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";

/** What happens around a module, kept where no isolation reaches. */
export class Watch {
  isSearching = false;
  /** The training steps of the search. */
  steps = 0;
  /** The sums of the batches that training saw. */
  readonly batches: number[] = [];
  /** The losses that training had. */
  readonly losses: number[] = [];
  /** What callbacks and loggers were told while a search went on. */
  readonly heard: string[] = [];
  /** The schedule of the fit that is under way. */
  scheduler: LrScheduler | null = null;
  /** Makes a search end in its own way. */
  disturb: (step: number, at: "step" | "hook") => void = () => undefined;
  /** What the loss is multiplied by in a search. */
  lossFactor = 1;
}

/** A module with everything that a careless search disturbs: BatchNorm, dropout, a lasting Adam, a schedule, a counter. */
export class DelicateModule extends Module<{ lr: number }> {
  readonly net: tf.Sequential = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [4], units: 8, activation: "relu" }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.25 }),
      tf.layers.dense({ units: 3 }),
    ],
  });
  readonly optimizer: Optimizer = adam({ lr: 1e-2 });
  counter = 0;

  constructor(readonly watch: Watch) {
    super({ lr: 1e-2 });
  }

  loss({ xs, ys }: Batch, training: boolean): tf.Tensor {
    const logits = this.net.apply(xs, { training }) as tf.Tensor2D;
    return tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), 3), logits);
  }

  trainingStep(batch: Batch): tf.Tensor {
    const { watch } = this;
    if (watch.isSearching) watch.disturb(watch.steps, "step");
    const loss = this.loss(batch, true);
    this.log("train_loss", loss, { onEpoch: true, onStep: false });
    return watch.isSearching ? tf.mul(loss, watch.lossFactor) : loss;
  }

  override validationStep(batch: Batch): tf.Tensor {
    const loss = this.loss(batch, false);
    this.log("val_loss", loss);
    return loss;
  }

  override async onTrainBatchStart(batch: unknown): Promise<void> {
    this.counter += 1;
    const { watch } = this;
    if (watch.isSearching) watch.steps += 1;
    else watch.batches.push([...(await (batch as Batch).xs.data())].reduce((sum, value) => sum + value, 0));
  }

  override onTrainBatchEnd({ loss }: { readonly loss: number }): void {
    if (this.watch.isSearching) this.watch.disturb(this.watch.steps, "hook");
    else this.watch.losses.push(loss);
  }

  configureOptimizers(): OptimizerConfig {
    return { optimizer: this.optimizer, schedule: cosineAnnealingLr({ period: 40 }), interval: "step" };
  }
}

/** Clusters of points in four dimensions, always the same. */
function makePoints(size: number): { xs: { values: Float32Array; shape: number[] }; ys: Int32Array } {
  const ys = Int32Array.from({ length: size }, (_, row) => row % 3);
  const values = Float32Array.from({ length: size * 4 }, (_, at) => {
    const row = Math.floor(at / 4);
    return Math.sin(at * 12.9898) + ((row % 3) - 1) * (at % 4 === row % 3 ? 2 : 0.5);
  });
  return { xs: { values, shape: [size, 4] }, ys };
}

/** The points in shuffled batches of 16, in an order that the loader's own generator decides. */
export function makeLoader(size = 96): DataLoader {
  return new DataLoader(makePoints(size), { batchSize: 16, shuffle: true, seed: 3 });
}

/** The points in batches that can be read only once. */
export function* readOnce(size = 480): Generator<Batch> {
  const { xs, ys } = makePoints(size);
  for (let row = 0; row < size; row += 16) {
    const batch = {
      xs: tf.tensor2d(xs.values.slice(row * 4, row * 4 + 64), [16, 4]),
      ys: tf.tensor1d(ys.slice(row, row + 16), "int32"),
    };
    try {
      yield batch;
    } finally {
      tf.dispose(batch);
    }
  }
}
