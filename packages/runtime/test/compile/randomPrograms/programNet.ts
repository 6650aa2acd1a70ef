import * as tf from "@tensorflow/tfjs";

/** The network of a program's module, from 6 numbers to 2. */
export interface ProgramNet {
  readonly model: tf.LayersModel;
  /** The layers whose options a program may change. */
  readonly dropout: { rate: number } | null;
  readonly dense: readonly { activation: unknown; trainable: boolean }[];
}

/** Members of dense layers that their types do not declare. */
type Dense = ProgramNet["dense"][number];

const { dense, dropout, batchNormalization, layerNormalization, reshape, conv2d, flatten, gru } = tf.layers;

/** The layers of each kind of network; the last layer has two outputs. */
const kinds = {
  perceptron: () => [dense({ inputShape: [6], units: 5, activation: "tanh" }), dense({ units: 2 })],
  dropout: () => [
    dense({ inputShape: [6], units: 5, activation: "sigmoid" }),
    dropout({ rate: 0.3 }),
    dense({ units: 2 }),
  ],
  batchNormalization: () => [
    dense({ inputShape: [6], units: 4 }),
    batchNormalization(),
    dense({ units: 2, activation: "tanh" }),
  ],
  layerNormalization: () => [
    dense({ inputShape: [6], units: 4, activation: "elu" }),
    layerNormalization(),
    dense({ units: 2 }),
  ],
  convolution: () => [
    reshape({ inputShape: [6], targetShape: [3, 2, 1] }),
    conv2d({ filters: 2, kernelSize: 2, padding: "same", activation: "relu" }),
    flatten(),
    dense({ units: 2 }),
  ],
  recurrent: () => [
    reshape({ inputShape: [6], targetShape: [2, 3] }),
    gru({ units: 2 }),
    dense({ units: 2 }),
  ],
  shared: () => {
    const twice = dense({ inputShape: [6], units: 6, activation: "tanh" });
    return [twice, twice, dense({ units: 2 })];
  },
} as const;

export type NetName = keyof typeof kinds;
export const netNames = Object.keys(kinds) as NetName[];

/** Makes a network with random weights. */
export function makeNet(name: NetName): ProgramNet {
  const input = tf.input({ shape: [6] });
  const layers: tf.layers.Layer[] = kinds[name]();
  const output = layers.reduce((tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor, input);
  const isClass = (wanted: string) => (layer: tf.layers.Layer) => layer.getClassName() === wanted;
  const rated = layers.find(isClass("Dropout")) as { rate: number } | undefined;
  return {
    model: tf.model({ inputs: input, outputs: output }),
    dropout: rated ?? null,
    dense: layers.filter(isClass("Dense")) as unknown as Dense[],
  };
}
