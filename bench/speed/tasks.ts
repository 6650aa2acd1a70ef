import * as tf from "@tensorflow/tfjs";
import { seeded } from "fulmine";
import { NetTrainee, type Trainee } from "./trainee.js";
import { TransformerTrainee } from "./transformerTrainee.js";

/** How many batches the data of each task has: about as many as a small real data set. */
export const BATCHES = 32;

/** What there is to train, and random data for it. */
export interface Task {
  readonly name: string;
  readonly batchSize: number;
  makeTrainee(): Trainee;
  /** The same net for tfjs's own fit; a net that is not made of layers has none. */
  makeNet?(): tf.Sequential;
  makeData(): { xs: tf.Tensor; ys: tf.Tensor };
  /** How many steps a block has: enough to stand out from the machine's noise. */
  readonly steps: number;
}

type NetTask = Omit<Task, "makeTrainee"> & Required<Pick<Task, "makeNet">>;

const { dense } = tf.layers;

function perceptron(name: string, batchSize: number, steps: number, sizes: readonly number[]): NetTask {
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

/** Texts of so many characters out of 27, each with the one that comes next. */
function texts(length: number): { xs: tf.Tensor; ys: tf.Tensor } {
  const next = tf.tidy(() =>
    tf.cast(tf.oneHot(tf.randomUniform([BATCHES * 32], 0, 27, "int32"), 27), "float32"),
  );
  return { xs: tf.randomUniform([BATCHES * 32, length], 0, 27, "int32"), ys: next };
}

const netTasks: readonly NetTask[] = [
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
    makeData: () => texts(8),
  },
  {
    ...{ name: "char-gru", batchSize: 32, steps: 40 },
    makeNet: () =>
      tf.sequential({
        layers: [
          tf.layers.embedding({ inputDim: 27, outputDim: 10, inputLength: 20 }),
          // As in PyTorch: tfjs's gates are straight lines with corners unless asked, and its first weights take long to make.
          tf.layers.gru({ units: 64, recurrentActivation: "sigmoid", recurrentInitializer: "glorotUniform" }),
          dense({ units: 27 }),
        ],
      }),
    makeData: () => texts(20),
  },
];

/** All with Adam and softmax cross-entropy. */
export const tasks: readonly Task[] = [
  ...netTasks.map((task) => ({
    ...task,
    makeTrainee: () => new NetTrainee(seeded(1, () => task.makeNet())),
  })),
  {
    ...{ name: "transformer", batchSize: 32, steps: 40 },
    makeTrainee: () => seeded(1, () => new TransformerTrainee()),
    makeData: () => images(BATCHES * 32, 64),
  },
];
