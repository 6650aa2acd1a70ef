import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { adam, seeded, Trainer, type Batch } from "@fulmine/core";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const drawn = (tensor: tf.Tensor): number[] => {
  const values = [...tensor.dataSync()];
  tensor.dispose();
  return values;
};
const draw = (seed?: number): number[] => {
  const logits = tf.zeros<tf.Rank.R2>([3, 10]);
  const values = drawn(tf.multinomial(logits, 20, seed));
  logits.dispose();
  return values;
};

describe("tf.multinomial", () => {
  test("repeats with its own seed, whatever was drawn in between", () => {
    const first = draw(5);
    draw(5);
    draw(6);
    expect(draw(5)).toEqual(first);
    expect(draw(6)).not.toEqual(first);
  });

  test("follows from `seeded` without one", () => {
    const from = (seed: number): number[][] => seeded(seed, () => [draw(), draw()]);
    const [one, two] = from(1);
    expect(from(1)).toEqual([one, two]);
    expect(two).not.toEqual(one);
    expect(from(2)[0]).not.toEqual(one);
  });

  test("draws each class as often as it is likely, from logits and from probabilities", () => {
    const probabilities = tf.tensor2d([
      [0.5, 0.3, 0.2],
      [0, 0.1, 0.9],
    ]);
    const logits = tf.log(probabilities);
    for (const [given, isNormalized] of [
      [logits, false],
      [probabilities, true],
    ] as const) {
      const samples = tf.multinomial(given, 20_000, 7, isNormalized) as tf.Tensor2D;
      expect([samples.shape, samples.dtype]).toEqual([[2, 20_000], "int32"]);
      const rows = samples.arraySync();
      const shares = rows.map((row) =>
        [0, 1, 2].map((kind) => row.filter((value) => value === kind).length / row.length),
      );
      samples.dispose();
      const wanted = [
        [0.5, 0.3, 0.2],
        [0, 0.1, 0.9],
      ];
      for (const [row, share] of shares.entries())
        for (const [kind, value] of share.entries()) expect(value).toBeCloseTo(wanted[row]?.[kind] ?? NaN, 1);
      expect(shares[1]?.[0]).toBe(0);
    }
    tf.dispose([probabilities, logits]);
  });

  test("in a step follows from the Trainer's seed", async () => {
    class Sampling extends TinyModule {
      readonly samples: number[][] = [];
      override trainingStep(batch: Batch): tf.Tensor {
        this.samples.push(draw());
        return this.loss(batch, true);
      }
      override configureOptimizers() {
        return adam({ lr: 0.01 });
      }
    }
    const run = async (seed: number): Promise<number[][]> => {
      const model = makeTiny(Sampling);
      const trainer = new Trainer({ enableProgressBar: false, maxEpochs: 1, seed });
      await trainer.fit(model, { train: makeLoader() });
      trainer.dispose();
      return model.samples;
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });
});
