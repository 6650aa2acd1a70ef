import * as tf from "@tensorflow/tfjs";
import { adam, Module, seeded, type Batch } from "fulmine";

/** How many batches the data of each task has: about as many as a small real data set. */
export const BATCHES = 32;

/** A net to train, and random data for it. */
export interface Task {
  readonly name: string;
  readonly batchSize: number;
  makeNet(): tf.Sequential;
  makeData(): { xs: tf.Tensor; ys: tf.Tensor };
  /** How many steps a block has: enough to stand out from the machine's noise. */
  readonly steps: number;
}

const { dense } = tf.layers;

function perceptron(name: string, batchSize: number, steps: number, sizes: readonly number[]): Task {
  return {
    ...{ name, batchSize, steps },
    makeNet: () => {
      const layers = sizes.slice(1).map((units, index) =>
        dense({
          ...(index === 0 ? { inputShape: [sizes[0] ?? 1] } : {}),
          ...(index < sizes.length - 2 ? { activation: "relu" as const } : {}),
          units,
        }),
      );
      return tf.sequential({ layers });
    },
    makeData: () => images(BATCHES * batchSize, sizes[0] ?? 1),
  };
}

function images(examples: number, size: number): { xs: tf.Tensor; ys: tf.Tensor } {
  const labels = tf.tidy(() =>
    tf.cast(tf.oneHot(tf.randomUniform([examples], 0, 10, "int32"), 10), "float32"),
  );
  return { xs: tf.randomUniform([examples, size]), ys: labels };
}

/** All with Adam and softmax cross-entropy. */
export const tasks: readonly Task[] = [
  perceptron("digits-mlp", 64, 200, [64, 128, 10]),
  perceptron("mlp-784", 64, 200, [784, 128, 10]),
  perceptron("mlp-1024", 256, 12, [784, 1024, 1024, 10]),
  {
    ...{ name: "digits-cnn", batchSize: 64, steps: 6 },
    makeNet: () =>
      tf.sequential({
        layers: [
          tf.layers.reshape({ inputShape: [784], targetShape: [28, 28, 1] }),
          tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
          tf.layers.batchNormalization(),
          tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
          dense({ units: 128, activation: "relu" }),
          dense({ units: 10 }),
        ],
      }),
    makeData: () => images(BATCHES * 64, 784),
  },
  {
    ...{ name: "names-mlp", batchSize: 32, steps: 200 },
    makeNet: () =>
      tf.sequential({
        layers: [
          tf.layers.embedding({ inputDim: 27, outputDim: 10, inputLength: 8 }),
          tf.layers.flatten(),
          dense({ units: 200, activation: "tanh" }),
          dense({ units: 27 }),
        ],
      }),
    makeData: () => ({
      xs: tf.randomUniform([BATCHES * 32, 8], 0, 27, "int32"),
      ys: tf.tidy(() => tf.cast(tf.oneHot(tf.randomUniform([BATCHES * 32], 0, 27, "int32"), 27), "float32")),
    }),
  },
];

/** A task's net as a module. */
export class Trainee extends Module<{ lr: number }> {
  readonly net: tf.Sequential;

  constructor(task: Task) {
    super({ lr: 1e-3 });
    this.net = seeded(1, () => task.makeNet());
  }

  trainingStep({ xs, ys }: Batch) {
    return tf.losses.softmaxCrossEntropy(ys, this.net.apply(xs, { training: true }) as tf.Tensor2D);
  }

  configureOptimizers() {
    return adam({ lr: this.hparams.lr });
  }
}
