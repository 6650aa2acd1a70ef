import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { Trainer, type Callback, type FulmineError } from "@fulmine/core";
import { findBatchSize } from "../src/index.js";
import { makeLoader, Net, OwnData, quiet, SizingTrainer, weightsOf } from "./support/net.js";

beforeAll(() => tf.ready());

describe("a search", () => {
  test.each([
    ["with a loader", () => new Net(), { train: makeLoader() }],
    ["with the module's dataloader", () => new OwnData(), undefined],
  ] as const)("leaves no trace, %s", async (_, makeModel, data) => {
    const train = async (isSearching: boolean): Promise<number[][]> => {
      const model = makeModel();
      const trainer = new SizingTrainer({ ...quiet, maxEpochs: 2 });
      if (isSearching) {
        const { trials } = await trainer.findBatchSize(model, data, { maxTrials: 4 });
        expect(trials.map(({ batchSize }) => batchSize)[0]).toBe(2);
        expect(model.hparams.batchSize).toBe(20);
      }
      await trainer.fit(model, data);
      return weightsOf(model);
    };
    expect(await train(true)).toEqual(await train(false));
  });

  test("frees its tensors, also when a step fails", async () => {
    const model = new OwnData();
    const trainer = new SizingTrainer(quiet);
    await trainer.findBatchSize(model, undefined, { maxTrials: 1 });
    const before = tf.memory().numTensors;
    await trainer.findBatchSize(model, undefined, { maxTrials: 3 });
    expect(tf.memory().numTensors).toBe(before);
    model.largest = 1;
    await trainer.findBatchSize(model, undefined, { maxTrials: 3 });
    expect(tf.memory().numTensors).toBe(before);
  });

  test("stays within the memory that it may use", async () => {
    const model = new OwnData();
    const trainer = new SizingTrainer(quiet);
    const { trials } = await trainer.findBatchSize(model, undefined, { maxTrials: 4, tolerance: 0 });
    const [first, second] = trials;
    const perExample = ((second?.peakBytes ?? 0) - (first?.peakBytes ?? 0)) / 2;
    expect(perExample).toBeGreaterThan(0);
    const maxMemory = (first?.peakBytes ?? 0) + 1.5 * perExample;
    const { reason, ...small } = await trainer.findBatchSize(model, undefined, { maxMemory });
    expect(reason).toBe("memory");
    expect(small.trials.map(({ batchSize }) => batchSize)).toEqual([2]);
  });

  test("ends when TensorFlow runs out of memory, and everything is as it was", async () => {
    const model = new OwnData();
    model.largest = 3;
    const before = weightsOf(model);
    const finder = await new SizingTrainer(quiet).findBatchSize(model, undefined, { mode: "binary" });
    expect([finder.reason, finder.trials.at(-1)?.batchSize]).toEqual(["memory", 3]);
    expect(weightsOf(model)).toEqual(before);
    expect(model.hparams.batchSize).toBe(20);
  });

  test("throws what a step throws, and the hyperparameter is as it was", async () => {
    class Broken extends OwnData {
      override trainingStep(): tf.Scalar {
        throw new Error("my own fault");
      }
    }
    const model = new Broken();
    await expect(findBatchSize(new Trainer(quiet), model)).rejects.toThrow("my own fault");
    expect(model.hparams.batchSize).toBe(20);
  });

  test("needs data whose batch size can be changed", async () => {
    class Ignoring extends Net {
      override trainDataloader() {
        return makeLoader(20);
      }
    }
    const trainer = new SizingTrainer(quiet);
    const errors = [
      trainer.findBatchSize(new Ignoring()),
      trainer.findBatchSize(new Net(), { train: [{ xs: tf.ones([2, 3]), ys: tf.ones([2, 1]) }] }),
      trainer.findBatchSize(new OwnData(), undefined, { field: "data.size" }),
      trainer.findBatchSize(new OwnData(), undefined, { initial: 0 }),
    ].map((search) => search.catch((error: unknown) => (error as FulmineError).code));
    expect(await Promise.all(errors.map((error) => error))).toEqual([
      "INVALID_DATA",
      "INVALID_DATA",
      "INVALID_FIELD",
      "INVALID_OPTION",
    ]);
  });
});

describe("autoBatchSize", () => {
  test("trains with the batch size that it found, which a loader gets", async () => {
    const [model, trainer] = [new Net(), new SizingTrainer({ ...quiet, maxEpochs: 1, autoBatchSize: true })];
    const { steps } = await trainer.fit(model, { train: makeLoader() });
    const found = trainer.batchSizeFinder?.suggestion() ?? 0;
    expect(model.hparams.batchSize).toBe(found);
    expect(steps).toBe(Math.ceil(600 / found));
    expect(model.sizes.slice(-steps)[0]).toBe(Math.min(found, 600));
  });

  test("writes it to the hyperparameters that the dataloader reads", async () => {
    const [model, trainer] = [
      new OwnData(),
      new SizingTrainer({ ...quiet, maxEpochs: 1, autoBatchSize: "binary" }),
    ];
    const { steps } = await trainer.fit(model);
    const found = trainer.batchSizeFinder?.suggestion() ?? 0;
    expect(model.hparams.batchSize).toBe(found);
    expect(steps).toBe(Math.ceil(600 / found));
  });

  test("is skipped in a development run", async () => {
    const trainer = new SizingTrainer({ ...quiet, fastDevRun: true, autoBatchSize: true });
    await trainer.fit(new OwnData());
    expect(trainer.batchSizeFinder).toBeNull();
  });

  test("must be one of its values", () => {
    // @ts-expect-error -- no mode of that name
    expect(() => new SizingTrainer({ autoBatchSize: "fast" })).toThrow(
      '`autoBatchSize` must be true, false, "power" or "binary".',
    );
    // @ts-expect-error -- the bare Trainer has no such option
    expect(() => new Trainer({ autoBatchSize: true })).toThrow("withBatchSizeFinder(Trainer)");
  });
});

test("a step of several batches counts the examples of one", async () => {
  const trainer = new SizingTrainer({ ...quiet, accumulateGradBatches: 4 });
  const { trials } = await trainer.findBatchSize(new OwnData(), undefined, { maxTrials: 2 });
  expect(trials.map(({ batchSize }) => batchSize)).toEqual([2, 4]);
});

test("a search in a hook of a fit calls the module's dataloader, and the fit goes on as before", async () => {
  const train = async (isSearching: boolean): Promise<number[][]> => {
    const model = new OwnData();
    const sizes: number[] = [];
    const search: Callback = {
      async onTrainEpochEnd(trainer) {
        if (!isSearching) return;
        const { trials } = await findBatchSize(trainer, model, undefined, { maxTrials: 3 });
        sizes.push(...trials.map(({ batchSize }) => batchSize));
      },
    };
    await new Trainer({ ...quiet, maxEpochs: 2, callbacks: [search] }).fit(model);
    expect(sizes).toEqual(isSearching ? [2, 4, 8, 2, 4, 8] : []);
    return weightsOf(model);
  };
  expect(await train(true)).toEqual(await train(false));
});
