import * as tf from "@tensorflow/tfjs";
import { expect, test, vi } from "vitest";
import {
  adam,
  DataLoader,
  Module,
  seeded,
  Trainer as CoreTrainer,
  type OptimizerConfig,
} from "@fulmine/core";
import { LrFinderCallback, withLrFinder, type FindLrOptions, type LrFinder } from "@fulmine/lr-finder";

const Trainer = withLrFinder(CoreTrainer);
const quiet = { enableProgressBar: false, seed: 1 } as const;
const rows = (count: number, value: (row: number) => number): Float32Array =>
  Float32Array.from({ length: count }, (_, row) => value(row));

class Net extends Module<{ lr: number }> {
  readonly net = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [3], units: 8, activation: "relu" }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  trainingStep({ xs, ys }: { xs: tf.Tensor; ys: tf.Tensor }): tf.Scalar {
    return tf.losses.meanSquaredError(ys, this.net.apply(xs) as tf.Tensor);
  }
  configureOptimizers(): OptimizerConfig {
    return adam({ lr: this.hparams.lr });
  }
}

/** A module whose loss depends on its weights with a factor of 0, so that only the batches change it. */
class Idle extends Net {
  override trainingStep(batch: { xs: tf.Tensor; ys: tf.Tensor }): tf.Scalar {
    return tf.add(tf.mean(tf.square(batch.ys)), tf.mul(0, super.trainingStep(batch)));
  }
}

const train = (): DataLoader =>
  new DataLoader(
    {
      xs: { values: rows(1200, (row) => Math.sin(row * 7)), shape: [400, 3] },
      ys: { values: rows(400, (row) => Math.cos(row)), shape: [400, 1] },
    },
    { batchSize: 16, shuffle: true },
  );
const search = (Kind: typeof Net, options: FindLrOptions = {}): Promise<LrFinder> =>
  new Trainer(quiet).findLr(
    seeded(1, () => new Kind({ lr: 1e-3 })),
    { train: train() },
    options,
  );

test("a loss that no rate changes gives no suggestion, with or without trials", async () => {
  for (const options of [{}, { refine: 60 }, { repeats: 2 }]) {
    const finder = await search(Idle, options);
    expect(finder.suggest()).toMatchObject({ lr: null, reason: "flat" });
    expect(finder.explain()).toContain("the loss changed only by the noise between batches");
  }
});

test("a ladder far below all usable rates gives no suggestion and names the usual rate", async () => {
  const finder = await search(Net, { minLr: 1e-12, maxLr: 1e-11 });
  expect(finder.suggest()).toMatchObject({ lr: null, reason: "flat" });
  expect(finder.explain()).toContain("is far above the highest rate of the sweep, 1e-11: raise `maxLr`.");
  expect((await search(Net)).suggestion()).toBeGreaterThan(1e-4);
});

test("a fit without a suggestion keeps the rate and logs advice", async () => {
  const warned = vi.spyOn(console, "warn").mockReturnValue(undefined);
  const callback = new LrFinderCallback({ milestones: [0], minLr: 1e-12, maxLr: 1e-11 });
  const trainer = new CoreTrainer({ ...quiet, maxEpochs: 1, callbacks: [callback] });
  const module = seeded(1, () => new Net({ lr: 1e-3 }));
  await trainer.fit(module, { train: train() });
  expect(module.hparams.lr).toBe(1e-3);
  expect(warned.mock.calls.flat().join()).toContain(
    "No learning rate found (flat): hparams.lr stays 0.001. The usual rate of adam",
  );
});
