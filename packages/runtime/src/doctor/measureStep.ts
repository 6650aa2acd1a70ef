import * as tf from "@tensorflow/tfjs-core";

const WARM_UP_STEPS = 20;
const STEPS = 50;
const BATCH = 64;
const LEARNING_RATE = 0.1;

/** A measured training step. */
export interface MeasuredStep {
  /** A description of the network, the batch and the optimizer. */
  readonly task: string;
  /** The median time of a step, in milliseconds. */
  readonly medianMs: number;
}

interface Network {
  readonly xs: tf.Tensor2D;
  readonly ys: tf.Tensor2D;
  readonly w1: tf.Variable<tf.Rank.R2>;
  readonly b1: tf.Variable<tf.Rank.R1>;
  readonly w2: tf.Variable<tf.Rank.R2>;
  readonly b2: tf.Variable<tf.Rank.R1>;
}

/** Measures a training step of a small network on the active backend: layers of 64, 128 and 10 units, batches of 64, SGD. */
export async function measureStep(): Promise<MeasuredStep> {
  const network = makeNetwork();
  const times: number[] = [];
  for (let step = 0; step < WARM_UP_STEPS + STEPS; step++) {
    const start = performance.now();
    const error = tf.tidy(() => trainStep(network));
    await error.data();
    error.dispose();
    if (step >= WARM_UP_STEPS) times.push(performance.now() - start);
  }
  for (const tensor of Object.values(network)) (tensor as tf.Tensor).dispose();
  times.sort((a, b) => a - b);
  return { task: "64-128-10, batch 64, SGD", medianMs: times[STEPS / 2] ?? Number.NaN };
}

function makeNetwork(): Network {
  const classes = Array.from({ length: BATCH }, (_, index) => index % 10);
  const noise = (rows: number, columns: number): tf.Tensor2D =>
    tf.randomUniform<tf.Rank.R2>([rows, columns], -0.1, 0.1);
  const ys = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(classes, "int32"), 10), "float32"));
  return {
    xs: noise(BATCH, 64),
    ys: tf.reshape(ys, [BATCH, 10]),
    w1: tf.variable(noise(64, 128)),
    b1: tf.variable(tf.zeros<tf.Rank.R1>([128])),
    w2: tf.variable(noise(128, 10)),
    b2: tf.variable(tf.zeros<tf.Rank.R1>([10])),
  };
}

/**
 * Runs one step and returns the mean error. The gradients are explicit, because tfjs-core alone has none registered.
 */
function trainStep({ xs, ys, w1, b1, w2, b2 }: Network): tf.Scalar {
  const hidden = tf.relu(tf.add(tf.matMul<tf.Tensor2D>(xs, w1), b1));
  const odds = tf.softmax(tf.add(tf.matMul<tf.Tensor2D>(hidden, w2), b2));
  const error = tf.div(tf.sub<tf.Tensor2D>(odds, ys), BATCH);
  const back = tf.mul(tf.matMul<tf.Tensor2D>(error, w2, false, true), tf.step(hidden));
  descend(w2, tf.matMul(hidden, error, true));
  descend(b2, tf.sum(error, 0));
  descend(w1, tf.matMul(xs, back, true));
  descend(b1, tf.sum(back, 0));
  return tf.mean(tf.abs(error));
}

function descend<R extends tf.Rank>(weight: tf.Variable<R>, gradient: tf.Tensor<R>): void {
  weight.assign(tf.sub(weight, tf.mul(gradient, LEARNING_RATE)));
}
