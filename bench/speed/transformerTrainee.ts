import * as tf from "@tensorflow/tfjs";
import { Trainee } from "./trainee.js";

const [LENGTH, PATCH, WIDTH, HEADS, CLASSES] = [16, 4, 64, 4, 10];
const PER_HEAD = WIDTH / HEADS;

interface Linear {
  readonly kernel: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;
}

interface Norm {
  readonly scale: tf.Variable<tf.Rank.R1>;
  readonly shift: tf.Variable<tf.Rank.R1>;
}

/** A transformer of one block that reads 64 numbers as 16 patches of 4, written in ops alone. */
export class TransformerTrainee extends Trainee {
  readonly embedding = linear(PATCH, WIDTH);
  readonly places = tf.tidy(() => tf.variable(tf.randomNormal([LENGTH, WIDTH], 0, 0.02)));
  readonly beforeAttention = norm();
  readonly queriesKeysValues = linear(WIDTH, 3 * WIDTH);
  readonly mixture = linear(WIDTH, WIDTH);
  readonly beforePerceptron = norm();
  readonly wide = linear(WIDTH, 4 * WIDTH);
  readonly narrow = linear(4 * WIDTH, WIDTH);
  readonly classes = linear(WIDTH, CLASSES);

  protected override logits(xs: tf.Tensor): tf.Tensor2D {
    const embedded = applyLinear(tf.reshape(xs, [-1, PATCH]), this.embedding);
    const placed = tf.add(tf.reshape(embedded, [-1, LENGTH, WIDTH]), this.places);
    // Places are apart only where they attend to each other; elsewhere all are rows of one matrix.
    const start: tf.Tensor2D = tf.reshape(placed, [-1, WIDTH]);
    const attended: tf.Tensor2D = tf.add(start, this.#attend(applyNorm(start, this.beforeAttention)));
    const hidden = tf.relu(applyLinear(applyNorm(attended, this.beforePerceptron), this.wide));
    const end = tf.add(attended, applyLinear(hidden, this.narrow));
    return applyLinear(tf.mean(tf.reshape(end, [-1, LENGTH, WIDTH]), 1), this.classes);
  }

  #attend(xs: tf.Tensor2D): tf.Tensor2D {
    const all = tf.reshape(applyLinear(xs, this.queriesKeysValues), [-1, LENGTH, 3 * HEADS, PER_HEAD]);
    const [queries, keys, values] = tf.split(tf.transpose(all, [0, 2, 1, 3]), 3, 1) as [
      ...[tf.Tensor4D, tf.Tensor4D, tf.Tensor4D],
    ];
    const scores = tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(PER_HEAD));
    const mixed = tf.transpose(tf.matMul(tf.softmax(scores), values), [0, 2, 1, 3]);
    return applyLinear(tf.reshape(mixed, [-1, WIDTH]), this.mixture);
  }
}

function linear(inputs: number, outputs: number): Linear {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return tf.tidy(() => ({
    kernel: tf.variable(tf.randomUniform<tf.Rank.R2>([inputs, outputs], -limit, limit)),
    bias: tf.variable(tf.zeros<tf.Rank.R1>([outputs])),
  }));
}

function applyLinear(xs: tf.Tensor2D, { kernel, bias }: Linear): tf.Tensor2D {
  return tf.add(tf.matMul(xs, kernel), bias);
}

function norm(): Norm {
  return tf.tidy(() => ({
    scale: tf.variable(tf.ones<tf.Rank.R1>([WIDTH])),
    shift: tf.variable(tf.zeros<tf.Rank.R1>([WIDTH])),
  }));
}

/** Brings each row to mean 0 and variance 1, then scales and shifts it. */
function applyNorm(xs: tf.Tensor2D, { scale, shift }: Norm): tf.Tensor2D {
  const { mean, variance } = tf.moments(xs, -1, true);
  const normal = tf.mul(tf.sub(xs, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(normal, scale), shift);
}
