import * as tf from "@tensorflow/tfjs";
import { OwnError } from "./hostile.js";
import { DataLoader, Module, sgd, type Batch, type OptimizerConfig } from "@fulmine/core";

/** A line to be fitted: a module of which thousands can be trained, and whose own errors are told from ours. */
export class SmallModule extends Module<{ lr: number }> {
  readonly weight = tf.tidy(() => tf.variable(tf.zeros([2, 1])));

  constructor() {
    super({ lr: 0.1 });
  }

  loss({ xs, ys }: Batch): tf.Scalar {
    try {
      return tf.losses.meanSquaredError(
        ys,
        tf.matMul(xs as tf.Tensor2D, this.weight as tf.Tensor as tf.Tensor2D),
      );
    } catch {
      throw new OwnError("The step can't take the batch.");
    }
  }

  trainingStep(batch: Batch): tf.Tensor {
    return this.loss(batch);
  }

  override validationStep(batch: Batch): tf.Tensor {
    const loss = this.loss(batch);
    this.log("val_loss", loss);
    return loss;
  }

  override predictStep(batch: Batch): tf.Tensor {
    return this.loss(batch);
  }

  configureOptimizers(): OptimizerConfig {
    return sgd({ lr: this.hparams.lr });
  }
}

/** Six rows in batches of two. */
export function smallLoader(): DataLoader {
  const values = Float32Array.of(1, 0, 0, 1, 1, 1, 2, 0, 0, 2, 2, 2);
  const ys = { values: Float32Array.of(1, 2, 3, 2, 4, 6), shape: [6, 1] };
  return new DataLoader({ xs: { values, shape: [6, 2] }, ys }, { batchSize: 2 });
}
