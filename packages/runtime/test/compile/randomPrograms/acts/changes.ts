import * as tf from "@tensorflow/tfjs";
import type { ProgramModule } from "../programModule.js";
import { isOdd, wholeOf } from "../sources.js";

type Change = (module: ProgramModule, number: number) => void;

/** Changes that steps, hooks and callbacks may make. */
const all = {
  note: ({ journal }, number) => journal.note("noted", number),
  // eslint-disable-next-line no-console -- printing is one of a program's effects
  print: (_, number) => console.log(`printed ${number}`),
  push: ({ pushed, longList }, number) => {
    pushed.push(number);
    longList.push(number);
  },
  rate: ({ trainer }, number) => {
    for (const optimizer of trainer?.optimizers ?? []) optimizer.lr *= 1 - wholeOf(number) / 20;
  },
  accumulation: ({ trainer }, number) => {
    if (trainer !== null) trainer.accumulateGradBatches = 1 + (wholeOf(number) % 3);
  },
  dropoutRate: ({ net }, number) => {
    if (net.dropout !== null) net.dropout.rate = wholeOf(number) / 10;
  },
  activation: ({ net: { dense } }) => {
    const activations = dense.map(({ activation }) => activation).reverse();
    for (const [index, layer] of dense.entries()) layer.activation = activations[index];
  },
  trainable: ({ first, second }) => {
    for (const variable of [first, second]) variable.trainable = !variable.trainable;
  },
  layerTrainable: ({ net: { dense } }, number) => {
    for (const layer of dense.slice(0, 1)) layer.trainable = isOdd(number);
  },
  weights: ({ first, net }) =>
    tf.tidy(() => {
      first.assign(tf.mul(first, 0.5));
      net.model.setWeights(net.model.getWeights().map((weight) => tf.mul(weight, 0.9)));
    }),
  oneValue: ({ first, second }) =>
    tf.tidy(() => {
      const value = tf.mul<tf.Tensor2D>(first, 1);
      first.assign(value);
      second.assign(value);
    }),
  swapWeights: ({ first, second }) =>
    tf.tidy(() => {
      const [one, other] = [tf.clone<tf.Tensor2D>(first), tf.clone<tf.Tensor2D>(second)];
      first.assign(other);
      second.assign(one);
    }),
  replaceOutside: ({ outside }, number) => {
    const before = outside.read();
    outside.write(tf.keep(tf.tensor1d([number, 1])));
    before.dispose();
  },
  replaceGiven: (module, number) => {
    const before = module.given;
    module.given = tf.keep(tf.tensor1d([1, number]));
    before.dispose();
  },
  cloneWeight: ({ clones, first }) => {
    if (clones.length < 5) clones.push(tf.keep(first.clone()));
  },
  readWeights: ({ journal, first, average, net }) => {
    journal.note("first", first.dataSync());
    journal.note("average", average.dataSync());
    for (const { val } of net.model.weights.slice(0, 1) as unknown as { val: tf.Variable }[])
      journal.note("layer", val.dataSync());
  },
  readKept: ({ journal, kept }) => {
    if (kept !== null) journal.note("kept", kept.dataSync());
  },
  forgetKept: (module) => {
    module.kept?.dispose();
    module.kept = null;
  },
  stop: ({ trainer }) => trainer?.stop(),
  fail: (_, number) => {
    throw new Error(`failed with ${number}`);
  },
} satisfies Record<string, Change>;

export type ChangeName = keyof typeof all;
export const changes: Readonly<Record<ChangeName, Change>> = all;

/** Changes that read values, which prevents the replay of their step. */
export const readingChanges: readonly ChangeName[] = ["readWeights", "readKept"];

/** Changes that end a run. */
export const endingChanges: readonly ChangeName[] = ["stop", "fail"];

/** All other changes. */
export const plainChanges = (Object.keys(all) as ChangeName[]).filter(
  (name) => !readingChanges.includes(name) && !endingChanges.includes(name),
);
