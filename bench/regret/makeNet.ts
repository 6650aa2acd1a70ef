import * as tf from "@tensorflow/tfjs";
import { RandomState } from "@fulmine/core";
import type { LayerSpec } from "./regretTask.js";

/** Builds a task's network with PyTorch's initial weights, which depend on the seed alone. */
export function makeNet(
  specs: readonly LayerSpec[],
  inputShape: readonly number[],
  seed: number,
): tf.Sequential {
  const net = tf.sequential();
  for (const [index, spec] of specs.entries())
    net.add(makeLayer(spec, index === 0 ? { inputShape: [...inputShape] } : {}));
  const random = new RandomState(seed);
  for (const layer of net.layers) initialize(layer, random);
  return net;
}

function makeLayer(spec: LayerSpec, input: { readonly inputShape?: number[] }): tf.layers.Layer {
  switch (spec.type) {
    case "dense":
      return tf.layers.dense({ ...input, units: spec.units, ...activated(spec) });
    case "conv2d": {
      const { filters, kernelSize, padding } = spec;
      return tf.layers.conv2d({ ...input, filters, kernelSize, padding, ...activated(spec) });
    }
    case "activation":
      return tf.layers.activation({ ...input, activation: spec.activation });
    case "maxPool2d":
      return tf.layers.maxPooling2d({ ...input, poolSize: spec.poolSize });
    case "embedding":
      return tf.layers.embedding({ ...input, inputDim: spec.vocab, outputDim: spec.dim });
    case "batchNorm":
      return tf.layers.batchNormalization({ ...input, epsilon: 1e-3, momentum: 0.99 });
    case "flatten":
      return tf.layers.flatten(input);
    case "globalAveragePool2d":
      return tf.layers.globalAveragePooling2d({ ...input, dataFormat: "channelsLast" });
  }
}

function activated({ activation }: { readonly activation?: "relu" | "tanh" }): {
  activation?: "relu" | "tanh";
} {
  return activation === undefined ? {} : { activation };
}

/** Kernels and biases uniform in ±1/√fanIn, embeddings N(0, 1); BatchNorm keeps its ones and zeros. */
function initialize(layer: tf.layers.Layer, random: RandomState): void {
  const weights = layer.getWeights();
  const [first] = weights;
  if (first === undefined || layer.getClassName() === "BatchNormalization") return;
  const isEmbedding = layer.getClassName() === "Embedding";
  const fanIn = first.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const draw = isEmbedding
    ? () => Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float())
    : () => (2 * random.float() - 1) / Math.sqrt(fanIn);
  tf.tidy(() => {
    layer.setWeights(
      weights.map((weight) => tf.tensor(Float32Array.from({ length: weight.size }, draw), weight.shape)),
    );
  });
}
