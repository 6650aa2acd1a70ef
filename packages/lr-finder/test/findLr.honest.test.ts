import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  DataLoader,
  Module,
  seeded,
  sgd,
  Trainer as CoreTrainer,
  type Batch,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";
import { withLrFinder, type FindLrOptions, type LrFinder } from "@fulmine/lr-finder";

const Trainer = withLrFinder(CoreTrainer);
const values = (count: number, value: (at: number) => number): Float32Array =>
  Float32Array.from({ length: count }, (_, at) => value(at));

interface Settings {
  readonly optimizer: () => OptimizerConfig;
  readonly times?: number;
  readonly plus?: number;
}

/** A small regression whose loss may be multiplied and moved. */
class Regression extends Module {
  readonly net = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [3], units: 8, activation: "relu" }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  readonly #settings: Settings;
  constructor(settings: Settings) {
    super();
    this.#settings = settings;
  }
  trainingStep({ xs, ys }: Batch): tf.Tensor {
    const { times = 1, plus = 0 } = this.#settings;
    const loss = tf.losses.meanSquaredError(ys, this.net.apply(xs) as tf.Tensor);
    return tf.add(tf.mul(loss, times), plus);
  }
  configureOptimizers(): OptimizerConfig {
    return this.#settings.optimizer();
  }
}

const regression = (y: (row: number) => number = (row) => Math.sin(row * 7) + 1): DataLoader =>
  new DataLoader(
    {
      xs: { values: values(1200, (at) => Math.sin(Math.floor(at / 3) * 7 + (at % 3))), shape: [400, 3] },
      ys: { values: values(400, y), shape: [400, 1] },
    },
    { batchSize: 16 },
  );

async function search(make: () => Module, train: DataLoader, options: FindLrOptions = {}): Promise<LrFinder> {
  const trainer = new Trainer({ enableProgressBar: false, seed: 1 });
  return trainer.findLr(seeded(1, make), { train }, { progress: false, ...options });
}

describe("a search with SGD", () => {
  const plain = { optimizer: () => sgd({ lr: 0.1 }) };
  const pickOf = async (settings: Partial<Settings>, options?: FindLrOptions): Promise<number> =>
    (await search(() => new Regression({ ...plain, ...settings }), regression(), options)).suggestion() ??
    NaN;

  test("picks the same rate when a constant is added to the loss", async () => {
    const before = await pickOf({});
    for (const plus of [-8, 64])
      expect(Math.abs(Math.log10((await pickOf({ plus })) / before))).toBeLessThan(0.05);
  });

  test("picks a rate that is lower by the factor by which the loss is greater", async () => {
    const [times, minLr, maxLr] = [16, 1e-6, 10];
    const before = await pickOf({}, { minLr, maxLr });
    const after = await pickOf({ times }, { minLr: minLr / times, maxLr: maxLr / times });
    expect((times * after) / before).toBeCloseTo(1, 3);
  });
});

test("a fall that the noise of single examples hides is found by taking the steps again without training", async () => {
  // One example in five has a target that is far off, so that batches differ much more than training changes them.
  const noisy = (row: number): number =>
    Math.sin(row * 7) + 1 + (row % 5 === 0 ? 40 * Math.sin(row * row) : 0);
  const finder = await search(
    () => new Regression({ optimizer: () => adam({ lr: 0.1 }) }),
    regression(noisy),
    { numTraining: 60, maxLr: 0.1 },
  );
  const { untrained, loss } = finder.results;
  expect(untrained).toHaveLength(loss.length);
  expect(finder.suggestion()).toBeGreaterThan(1e-4);
  expect(finder.explain()).toContain(
    "Took 60 of these steps again at a rate of 0 and compared the losses batch by batch, because the losses alone look like noise.",
  );
});

test("NaN in the data is named, wherever in the sweep it comes", async () => {
  const before = tf.memory().numTensors;
  const finder = await search(
    () => new Regression({ optimizer: () => adam({ lr: 0.1 }) }),
    regression((row) => (row === 300 ? NaN : 1)),
  );
  expect(finder.results.loss.length).toBeGreaterThan(10);
  expect(finder.suggest()).toMatchObject({ lr: null, reason: "not-finite" });
  expect(finder.explain()).toContain("the loss of step 19 is not finite without training either");
  expect(finder.explain()).toContain("look for NaN in the data");
  expect(tf.memory().numTensors - before).toBeLessThanOrEqual(4);
});

/** The variables of a layer, whose own type hides them. */
function variablesOf(layer: tf.layers.Layer): tf.Variable[] {
  return layer.trainableWeights.map((weight) => Reflect.get(weight, "val") as tf.Variable);
}

/** Two layers with an optimizer each; the first one may have no effect on the loss. */
class Two extends Module {
  readonly first = tf.layers.dense({ inputShape: [3], units: 8, activation: "relu" });
  readonly second = tf.layers.dense({ inputShape: [8], units: 1 });
  readonly #share: number;
  constructor(share: number) {
    super();
    this.#share = share;
    this.first.build([null, 3]);
    this.second.build([null, 8]);
  }
  trainingStep({ xs, ys }: Batch): tf.Tensor {
    const hidden = this.first.apply(tf.mul(xs, this.#share)) as tf.Tensor;
    return tf.losses.meanSquaredError(ys, this.second.apply(tf.add(hidden, 1)) as tf.Tensor);
  }
  configureOptimizers(): OptimizerConfig {
    const of = (layer: tf.layers.Layer): Optimizer =>
      adam({ lr: 0.01, groups: [{ params: variablesOf(layer) }] });
    return [of(this.first), of(this.second)];
  }
}

test("a loss that only another optimizer lowers gives no rate, and the explanation names it", async () => {
  const idle = await search(
    () => new Two(0),
    regression(() => 5),
    { optimizer: 0 },
  );
  expect(idle.results.smoothed.at(-1)).toBeLessThan(0.9 * (idle.results.smoothed[0] ?? NaN));
  expect(idle.suggest()).toMatchObject({ lr: null, reason: "flat" });
  expect(idle.explain()).toContain("the loss changed as it does without this optimizer");
  const used = await search(
    () => new Two(1),
    regression(() => 5),
    { optimizer: 0 },
  );
  expect(used.suggestion()).toBeGreaterThan(1e-4);
  expect(used.explain()).toContain("Another optimizer trained meanwhile.");
});
