import * as tf from "@tensorflow/tfjs";
import { beforeAll, it } from "vitest";
import { useAccelerator } from "../../src/index.js";
import { expectSameAsCpu } from "../support/gradientsOn.js";

beforeAll(async () => {
  await useAccelerator("wasm");
  await useAccelerator("cpu");
});

type Stack = [name: string, inputShape: number[], makeLayers: () => tf.layers.Layer[]];
const { layers } = tf;
const dense = (activation: "relu") => layers.dense({ units: 4, activation });

const activations = [
  "elu",
  "gelu",
  "gelu_new",
  "hardSigmoid",
  "linear",
  "mish",
  "relu",
  "relu6",
  "selu",
  "sigmoid",
  "softmax",
  "softplus",
  "softsign",
  "swish",
  "tanh",
] as const;

const convolutions = [1, 2, 3].flatMap((strides) =>
  (["valid", "same"] as const).flatMap((padding) =>
    [1, 2, 3].map((kernelSize): Stack => [
      `conv2d of ${kernelSize}, stride ${strides}, ${padding}`,
      [9, 8, 3],
      () => [
        layers.conv2d({ filters: 4, kernelSize, strides, padding, activation: "relu" }),
        layers.conv2d({ filters: 2, kernelSize, padding: "same" }),
      ],
    ]),
  ),
);

const transposed = [1, 2, 3].flatMap((strides) =>
  (["valid", "same"] as const).map((padding): Stack => [
    `conv2dTranspose, stride ${strides}, ${padding}`,
    [4, 3, 3],
    () => [
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides, padding }),
      layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides, padding }),
    ],
  ]),
);

const depthwise = [1, 2].flatMap((strides) =>
  (["valid", "same"] as const).flatMap((padding) =>
    [1, 2].map((depthMultiplier): Stack => [
      `depthwiseConv2d, stride ${strides}, ${padding}, multiplier ${depthMultiplier}`,
      [9, 8, 3],
      () => [
        layers.conv2d({ filters: 3, kernelSize: 1 }),
        layers.depthwiseConv2d({ kernelSize: 3, strides, padding, depthMultiplier }),
      ],
    ]),
  ),
);

const pooling = [
  { poolSize: 2 },
  { poolSize: 3, strides: 2 },
  { poolSize: 3, strides: 2, padding: "same" },
  { poolSize: 2, strides: 1, padding: "same" },
] as const;

const stacks: Stack[] = [
  ...activations.map((activation): Stack => [
    `dense, ${activation}`,
    [5],
    () => [layers.dense({ units: 6, activation }), dense("relu")],
  ]),
  ["leakyReLU", [5], () => [layers.dense({ units: 6 }), layers.leakyReLU(), dense("relu")]],
  ["prelu", [5], () => [layers.dense({ units: 6 }), layers.prelu(), dense("relu")]],
  ["batchNormalization", [5], () => [dense("relu"), layers.batchNormalization(), dense("relu")]],
  ["layerNormalization", [5], () => [dense("relu"), layers.layerNormalization(), dense("relu")]],
  ["dropout", [5], () => [dense("relu"), layers.dropout({ rate: 0.3, seed: 3 }), dense("relu")]],
  ...convolutions,
  ...transposed,
  ...depthwise,
  [
    "a network of convolutions",
    [10, 9, 1],
    () => [
      layers.conv2d({ filters: 4, kernelSize: 3 }),
      layers.batchNormalization(),
      layers.activation({ activation: "relu" }),
      layers.conv2d({ filters: 3, kernelSize: 3 }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      dense("relu"),
    ],
  ],
  [
    "conv2d of 3 × 5, strides 2 and 1",
    [9, 8, 3],
    () => [
      layers.conv2d({ filters: 4, kernelSize: [3, 5], strides: [2, 1] }),
      layers.conv2d({ filters: 2, kernelSize: [3, 1], strides: [1, 2], padding: "same" }),
    ],
  ],
  [
    "conv1d",
    [9, 3],
    () => [
      layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, padding: "same" }),
      layers.conv1d({ filters: 4, kernelSize: 2 }),
    ],
  ],
  [
    "conv3d",
    [5, 6, 4, 2],
    () => [
      layers.conv3d({ filters: 3, kernelSize: 2, strides: 2, padding: "same" }),
      layers.conv3d({ filters: 3, kernelSize: 2 }),
    ],
  ],
  [
    "separableConv2d",
    [9, 8, 3],
    () => [
      layers.separableConv2d({ filters: 4, kernelSize: 3 }),
      layers.separableConv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same" }),
    ],
  ],
  ...pooling.map((options): Stack => [
    `maxPooling2d ${JSON.stringify(options)}`,
    [9, 8, 3],
    () => [layers.conv2d({ filters: 4, kernelSize: 1 }), layers.maxPooling2d({ ...options })],
  ]),
  ...pooling
    .slice(0, 2)
    .map((options): Stack => [
      `averagePooling2d ${JSON.stringify(options)}`,
      [9, 8, 3],
      () => [layers.conv2d({ filters: 4, kernelSize: 1 }), layers.averagePooling2d({ ...options })],
    ]),
  [
    "pooling in one dimension",
    [9, 3],
    () => [
      layers.conv1d({ filters: 4, kernelSize: 1 }),
      layers.maxPooling1d({ poolSize: 2 }),
      layers.averagePooling1d({ poolSize: 2 }),
    ],
  ],
  [
    "pooling in three dimensions",
    [5, 6, 7, 2],
    () => [
      layers.conv3d({ filters: 3, kernelSize: 1 }),
      layers.maxPooling3d({ poolSize: [2, 2, 2], padding: "same" }),
      layers.averagePooling3d({ poolSize: [2, 2, 2] }),
    ],
  ],
  ...(["globalAveragePooling2d", "globalMaxPooling2d"] as const).map((name): Stack => [
    name,
    [9, 8, 3],
    () => [layers.conv2d({ filters: 4, kernelSize: 1 }), layers[name]({}), dense("relu")],
  ]),
  [
    "embedding",
    [6],
    () => [layers.embedding({ inputDim: 10, outputDim: 4 }), layers.flatten(), dense("relu")],
  ],
  [
    "embedding with a mask, lstm",
    [6],
    () => [layers.embedding({ inputDim: 10, outputDim: 4, maskZero: true }), layers.lstm({ units: 3 })],
  ],
  ...(["lstm", "gru", "simpleRNN"] as const).map((name): Stack => [
    name,
    [6, 3],
    () => [layers[name]({ units: 4, returnSequences: true }), layers[name]({ units: 3 })],
  ]),
  ["timeDistributed", [6, 3], () => [layers.timeDistributed({ layer: dense("relu") }), layers.flatten()]],
  [
    "bilinear upSampling2d",
    [4, 4, 3],
    () => [
      layers.conv2d({ filters: 2, kernelSize: 1 }),
      layers.upSampling2d({ size: [2, 3], interpolation: "bilinear" }),
    ],
  ],
  [
    "padding and cropping",
    [4, 4, 3],
    () => [
      layers.conv2d({ filters: 2, kernelSize: 1 }),
      layers.zeroPadding2d({ padding: [1, 2] }),
      layers.cropping2D({ cropping: [[1, 0], [0, 1]] }), // prettier-ignore
    ],
  ],
];

it.each(stacks)("%s trains on wasm as it does on cpu", async (_, inputShape, makeLayers) => {
  const model = tf.sequential();
  const [first, ...rest] = makeLayers();
  model.add(layers.inputLayer({ inputShape }));
  for (const layer of [first, ...rest]) if (layer !== undefined) model.add(layer);
  const weights = model.trainableWeights;
  weights.forEach((weight, index) =>
    weight.write(tf.randomNormal(weight.shape as number[], 0, 0.5, "float32", index + 1)),
  );
  const batch = [4, ...inputShape];
  const count = batch.reduce((product, size) => product * size);
  const isEmbedding = first instanceof layers.embedding({ inputDim: 1, outputDim: 1 }).constructor;
  const xs = isEmbedding
    ? tf.tensor(
        Array.from({ length: count }, (_, index) => (index * 7) % 10),
        batch,
      )
    : tf.randomNormal(batch, 0, 1, "float32", 99);
  const predict = () => model.apply(xs, { training: true }) as tf.Tensor;
  const ys = tf.tidy(() => tf.randomNormal(predict().shape, 0, 1, "float32", 98));
  await expectSameAsCpu({
    loss: () => tf.losses.meanSquaredError(ys, predict()),
    variables: weights.map((weight) => weight.read() as tf.Variable),
  });
});
