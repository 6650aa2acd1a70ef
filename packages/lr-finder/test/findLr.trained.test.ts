import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import {
  adam,
  DataLoader,
  Module,
  seeded,
  Trainer as CoreTrainer,
  type Batch,
  type OptimizerConfig,
} from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";

const Trainer = withLrFinder(CoreTrainer);

/** The model of the README. */
class Digits extends Module<{ lr: number }> {
  readonly net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [64], units: 10 })] });
  trainingStep({ xs, ys }: Batch): tf.Tensor {
    const logits = this.net.apply(xs, { training: true }) as tf.Tensor2D;
    return tf.losses.softmaxCrossEntropy(tf.oneHot(ys.toInt(), 10), logits);
  }
  configureOptimizers(): OptimizerConfig {
    return adam({ lr: this.hparams.lr });
  }
}

function makeDigits(size: number): DataLoader {
  const file = readFileSync(new URL("../../../examples/digits/data/digits.csv.gz", import.meta.url));
  const rows = gunzipSync(file).toString().split("\n", size);
  const numbers = rows.map((row) => row.split(",").map(Number));
  const values = Float32Array.from(numbers.flatMap((row) => row.slice(0, 64).map((pixel) => pixel / 16)));
  const ys = Int32Array.from(numbers, (row) => row[64] ?? 0);
  return new DataLoader({ xs: { values, shape: [size, 64] }, ys }, { batchSize: 4, shuffle: true });
}

describe("on a trained model, whose batch losses differ by a factor of hundreds", () => {
  const train = makeDigits(300);
  const seeds = [1, 2, 3, 4, 5, 6];
  let model: Digits;
  beforeAll(async () => {
    model = seeded(2, () => new Digits({ lr: 0.02 }));
    await new Trainer({ maxEpochs: 30, seed: 2, enableProgressBar: false }).fit(model, { train });
  });

  test("a sweep continues until a rate does harm", async () => {
    for (const seed of seeds) {
      const { results } = await new Trainer({ enableProgressBar: false, seed }).findLr(model, { train });
      expect(results.lr.at(-1)).toBeGreaterThan(0.01);
      // A single batch can be easy, but the moving average must be above the first loss.
      expect(results.smoothed.at(-1)).toBeGreaterThan(5 * (results.loss[0] ?? Infinity));
      expect(results.stopped).toBe("diverged");
    }
  });

  test("no trial at a low rate counts as an explosion", async () => {
    for (const seed of seeds) {
      const trainer = new Trainer({ enableProgressBar: false, seed });
      const { results } = await trainer.findLr(model, { train }, { refine: 60 });
      expect(results.trials?.[0]?.score).toBeLessThan(0.1);
    }
  });
});
