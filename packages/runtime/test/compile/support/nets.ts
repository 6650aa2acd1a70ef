import * as tf from "@tensorflow/tfjs";
import {
  adam,
  adamw,
  DataLoader,
  Module,
  seeded,
  sgd,
  type Batch,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";

/** The networks whose compiled steps must give the same bits as eager steps. */
export const nets: Readonly<Record<string, () => tf.LayersModel>> = {
  "a multi-layer perceptron": () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [12], units: 16, activation: "relu" }),
        tf.layers.dense({ units: 8, activation: "tanh" }),
        tf.layers.dense({ units: 3 }),
      ],
    }),
  "a wide layer, whose values are compared by digests": () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [12], units: 256, activation: "relu" }),
        tf.layers.dense({ units: 1100, activation: "tanh" }),
        tf.layers.dense({ units: 3 }),
      ],
    }),
  "batch normalization": () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [12], units: 16 }),
        tf.layers.batchNormalization(),
        tf.layers.activation({ activation: "elu" }),
        tf.layers.dense({ units: 3 }),
      ],
    }),
  dropout: () =>
    tf.sequential({
      layers: [
        tf.layers.dropout({ rate: 0.2, inputShape: [12] }),
        tf.layers.dense({ units: 16, activation: "sigmoid" }),
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.dense({ units: 3 }),
      ],
    }),
  "layer normalization": () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [12], units: 16, activation: "selu" }),
        tf.layers.layerNormalization(),
        tf.layers.dense({ units: 3 }),
      ],
    }),
  "convolutions with strides and pooling": () =>
    tf.sequential({
      layers: [
        tf.layers.reshape({ inputShape: [64], targetShape: [8, 8, 1] }),
        tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", activation: "relu" }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.batchNormalization(),
        tf.layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }),
        tf.layers.averagePooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3 }),
      ],
    }),
  "depthwise and separable convolutions": () =>
    tf.sequential({
      layers: [
        tf.layers.reshape({ inputShape: [64], targetShape: [8, 8, 1] }),
        tf.layers.separableConv2d({ filters: 4, kernelSize: 3, activation: "relu" }),
        tf.layers.depthwiseConv2d({ kernelSize: 3, activation: "relu" }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units: 3 }),
      ],
    }),
  embeddings: () =>
    tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 10, outputDim: 6, inputLength: 5 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3 }),
      ],
    }),
  LSTM: () =>
    tf.sequential({
      layers: [
        tf.layers.reshape({ inputShape: [12], targetShape: [4, 3] }),
        tf.layers.lstm({ units: 6 }),
        tf.layers.dense({ units: 3 }),
      ],
    }),
  GRU: () =>
    tf.sequential({
      layers: [
        tf.layers.reshape({ inputShape: [12], targetShape: [4, 3] }),
        tf.layers.gru({ units: 6 }),
        tf.layers.dense({ units: 3 }),
      ],
    }),
};

/** Gets the shape of one example of a network, and whether it consists of integers. */
export function inputOf(net: tf.LayersModel): { readonly size: number; readonly isWhole: boolean } {
  const [input] = net.inputs;
  const isWhole = net.layers.some((layer) => layer.getClassName() === "Embedding");
  return { size: input?.shape[1] ?? 1, isWhole };
}

/** A transformer block on its own variables: attention of two heads, layer norm, a feed-forward part. */
export class Transformer extends Module<{ lr: number }> {
  readonly #make = (shape: number[]): tf.Variable => tf.variable(tf.randomNormal(shape, 0, 0.3));
  readonly query = this.#make([6, 6]);
  readonly key = this.#make([6, 6]);
  readonly value = this.#make([6, 6]);
  readonly norm = [tf.layers.layerNormalization({}), tf.layers.layerNormalization({})] as const;
  readonly forward = [this.#make([6, 12]), this.#make([12, 6])] as const;
  readonly head = this.#make([6, 3]);

  constructor(
    hparams: { lr: number },
    readonly configure: (lr: number) => OptimizerConfig,
  ) {
    super(hparams);
    for (const norm of this.norm) norm.build([null, 2, 6]);
  }

  trainingStep({ xs, ys }: Batch): tf.Scalar {
    const tokens = tf.reshape(xs, [-1, 2, 6]);
    const heads = (weights: tf.Variable): tf.Tensor =>
      tf.transpose(
        tf.reshape(tf.matMul(tf.reshape(tokens, [-1, 6]), weights as tf.Tensor2D), [-1, 2, 2, 3]),
        [0, 2, 1, 3],
      );
    const scores = tf.softmax(
      tf.div(tf.matMul(heads(this.query), heads(this.key), false, true), Math.sqrt(3)),
    );
    const mixed = tf.reshape(tf.transpose(tf.matMul(scores, heads(this.value)), [0, 2, 1, 3]), [-1, 2, 6]);
    const [first, second] = this.norm;
    const attended = first.apply(tf.add(tokens, mixed)) as tf.Tensor;
    const [up, down] = this.forward;
    const fed = tf.matMul(tf.relu(tf.matMul(tf.reshape(attended, [-1, 6]), up as tf.Tensor2D)), down);
    const out = second.apply(tf.add(attended, tf.reshape(fed, [-1, 2, 6]))) as tf.Tensor;
    const logits = tf.matMul(tf.mean<tf.Tensor2D>(out, 1), this.head);
    return tf.losses.softmaxCrossEntropy(ys, logits);
  }

  configureOptimizers(): OptimizerConfig {
    return this.configure(this.hparams.lr);
  }
}

/** A classifier with a network of layers. */
export class Classifier extends Module<{ lr: number }> {
  constructor(
    readonly net: tf.LayersModel,
    readonly configure: (lr: number) => OptimizerConfig,
  ) {
    super({ lr: 1e-2 });
  }

  trainingStep({ xs, ys }: Batch): tf.Scalar {
    const logits = this.net.apply(xs, { training: true }) as tf.Tensor2D;
    const loss = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(ys, logits);
    this.log("accuracy", tf.mean(tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(ys, 1)), "float32")));
    return loss;
  }

  override validationStep({ xs, ys }: Batch): tf.Scalar {
    const loss = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(ys, this.net.apply(xs) as tf.Tensor2D);
    this.log("val_loss", loss);
    return loss;
  }

  configureOptimizers(): OptimizerConfig {
    return this.configure(this.hparams.lr);
  }
}

/** The ways to optimize: each has an optimizer and Trainer options. */
export const ways: Readonly<
  Record<string, { configure: (lr: number) => OptimizerConfig; options?: TrainerOptions }>
> = {
  sgd: { configure: (lr) => sgd({ lr }) },
  momentum: { configure: (lr) => sgd({ lr, momentum: 0.9, nesterov: true, weightDecay: 1e-3 }) },
  adam: { configure: (lr) => adam({ lr }) },
  adamw: { configure: (lr) => adamw({ lr, amsgrad: true }) },
  clipping: { configure: (lr) => adam({ lr }), options: { gradientClipVal: 0.1 } },
  accumulation: { configure: (lr) => adam({ lr }), options: { accumulateGradBatches: 3 } },
};

/** Makes random data for a network, always the same, in batches of 8 and a last one of 4. */
export function randomData(size: number, isWhole: boolean): DataLoader {
  const examples = 76;
  return seeded(5, () => {
    const values = Float32Array.from({ length: examples * size }, () =>
      isWhole ? Math.floor(Math.random() * 10) : Math.random() * 2 - 1,
    );
    const labels = new Float32Array(examples * 3);
    for (let row = 0; row < examples; row++) labels[row * 3 + Math.floor(Math.random() * 3)] = 1;
    return new DataLoader(
      { xs: { values, shape: [examples, size] }, ys: { values: labels, shape: [examples, 3] } },
      { batchSize: 8, shuffle: true },
    );
  });
}
