import * as tf from "@tensorflow/tfjs";
import type { ProgramBatch } from "./programData.js";

/** The state of a step, which acts change. */
export interface Step {
  readonly kind: "training" | "validation";
  readonly batch: ProgramBatch;
  readonly batchIdx: number;
  predicted: tf.Tensor2D;
  loss: tf.Scalar;
  hasUsedBuffer: boolean;
}

/** Adds a tenth of the mean of a tensor to a step's loss. */
export function addMean(step: Step, value: tf.Tensor): void {
  step.loss = tf.add<tf.Scalar>(step.loss, tf.mul(tf.mean(value), 0.1));
}
