import * as tf from "@tensorflow/tfjs";

/** A network with its optimizer. */
export interface Trainee {
  readonly net: tf.LayersModel;
  /** One training step, read back so that it is over when this returns; gives the loss. */
  readonly step: (xs: tf.Tensor, labels: Int32Array) => number;
}

export const batchShapes: Readonly<Record<string, readonly number[]>> = {
  "mlp-784": [64, 784],
  "mlp-1024": [256, 784],
  "digits-cnn": [64, 28, 28, 1],
};

/** A task's network with fresh weights, trained by tfjs's own Adam. */
export function makeTrainee(task: string): Trainee {
  const net = tf.sequential({ layers: [...makeLayers(task), tf.layers.dense({ units: 10 })] });
  const optimizer = tf.train.adam(1e-3);
  const step = (xs: tf.Tensor, labels: Int32Array): number =>
    tf.tidy(() => {
      const ys = tf.oneHot(labels, 10);
      const lossOf = (): tf.Scalar =>
        tf.losses.softmaxCrossEntropy(ys, net.apply(xs, { training: true }) as tf.Tensor);
      return optimizer.minimize(lossOf, true)?.dataSync<"float32">()[0] ?? Number.NaN;
    });
  return { net, step };
}

function makeLayers(task: string): tf.layers.Layer[] {
  const inputShape = batchShapes[task]?.slice(1) ?? [];
  const activation = "relu";
  switch (task) {
    case "mlp-784":
      return [tf.layers.dense({ inputShape, units: 128, activation })];
    case "mlp-1024":
      return [
        tf.layers.dense({ inputShape, units: 1024, activation }),
        tf.layers.dense({ units: 1024, activation }),
      ];
    default:
      return [
        tf.layers.conv2d({ inputShape, filters: 32, kernelSize: 3, activation }),
        tf.layers.batchNormalization(),
        tf.layers.conv2d({ filters: 64, kernelSize: 3, activation }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 128, activation }),
      ];
  }
}
