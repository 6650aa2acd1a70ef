import * as tf from "@tensorflow/tfjs";
import { Module, sgd, stepLr, type Batch } from "fulmine";
import { ALPHABET, CONTEXT } from "./alphabet.js";

/** Tells the next letter of a name from the three before it: an embedding, a hidden layer, a score for each letter. */
export class Letters extends Module<{ lr: number; steps: number; embedding: number; hidden: number }> {
  readonly embedding = tf.variable(tf.randomNormal([ALPHABET.length, this.hparams.embedding]));
  readonly net = tf.sequential({
    layers: [
      tf.layers.dense({
        inputShape: [CONTEXT * this.hparams.embedding],
        units: this.hparams.hidden,
        activation: "tanh",
      }),
      tf.layers.dense({ units: ALPHABET.length }),
    ],
  });

  trainingStep(batch: Batch) {
    const loss = this.loss(batch);
    this.log("train_loss", loss, { onStep: false, onEpoch: true });
    return loss;
  }

  override validationStep(batch: Batch) {
    const loss = this.loss(batch);
    this.log("val_loss", loss, { onEpoch: true });
    return loss;
  }

  configureOptimizers() {
    const { lr, steps } = this.hparams;
    // A tenth of the rate for the last quarter.
    const schedule = stepLr({ stepSize: Math.ceil(0.75 * steps), gamma: 0.1 });
    return { optimizer: sgd({ lr }), schedule, interval: "step" } as const;
  }

  /** Writes a name, letter by letter, each drawn by its probability. */
  write(): string {
    let context = new Array<number>(CONTEXT).fill(0);
    let name = "";
    while (name.length < 20) {
      const letter = this.draw(context);
      if (letter === 0) break;
      name += ALPHABET[letter] ?? "";
      context = [...context.slice(1), letter];
    }
    return name;
  }

  private loss({ xs, ys }: Batch) {
    return tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), ALPHABET.length), this.scores(xs));
  }

  private draw(context: readonly number[]): number {
    const probabilities = tf.tidy(() =>
      tf.softmax(this.scores(tf.tensor2d([[...context]], [1, CONTEXT], "int32"))).dataSync(),
    );
    let rest = Math.random();
    const letter = probabilities.findIndex((probability) => (rest -= probability) < 0);
    return Math.max(letter, 0);
  }

  private scores(xs: tf.Tensor) {
    const embedded = tf.gather(this.embedding, xs.toInt());
    const flat = tf.reshape(embedded, [-1, CONTEXT * this.hparams.embedding]);
    return this.net.apply(flat) as tf.Tensor2D;
  }
}
