import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { Module, sgd, Trainer, type OptimizerConfig } from "@fulmine/core";

/** Notes which batches it is trained on. */
class Noting extends Module<object, number> {
  readonly w = tf.variable(tf.scalar(0));
  readonly seen: number[] = [];
  override trainingStep(batch: number): tf.Tensor {
    this.seen.push(batch);
    return tf.mul(this.w, batch);
  }
  override configureOptimizers(): OptimizerConfig {
    return sgd({ lr: 0.01 });
  }
}

function* numbers(count = 8): Generator<number> {
  for (let number = 0; number < count; number++) yield number;
}

const seenOf = async (train: Iterable<number> | AsyncIterable<number>): Promise<number[]> => {
  const model = new Noting();
  const trainer = new Trainer({
    enableProgressBar: false,
    enableModelSummary: false,
    maxEpochs: 3,
    limitTrainBatches: 2,
  });
  await trainer.fit(model, { train });
  trainer.dispose();
  return model.seen;
};

test("`batchesPerEpoch` of TensorFlow.js goes on in the stream from epoch to epoch", async () => {
  const seen: number[] = [];
  const dataset = tf.data.generator(function* () {
    for (const number of numbers()) {
      seen.push(number);
      yield { xs: tf.fill([1, 1], number), ys: tf.zeros([1, 1]) };
    }
  });
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await model.fitDataset(dataset, {
    epochs: 3,
    batchesPerEpoch: 2,
  });
  model.dispose();
  expect(seen.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5]);
});

test("`limitTrainBatches` begins each epoch with the data's first batch", async () => {
  expect(await seenOf([...numbers()])).toEqual([0, 1, 0, 1, 0, 1]);
  expect(await seenOf({ [Symbol.iterator]: () => numbers() })).toEqual([0, 1, 0, 1, 0, 1]);
});

test("`limitTrainBatches` goes on in a stream that begins no pass of its own, as `batchesPerEpoch` does", async () => {
  const stream = numbers();
  expect(await seenOf({ [Symbol.iterator]: () => ({ next: () => stream.next() }) })).toEqual([
    0, 1, 2, 3, 4, 5,
  ]);
  const dataset = tf.data.array<number>([0, 1, 2, 3, 4, 5, 6, 7]);
  const iterator = await dataset.iterator();
  expect(await seenOf({ [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) })).toEqual([
    0, 1, 2, 3, 4, 5,
  ]);
});
