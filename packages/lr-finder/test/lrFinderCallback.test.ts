import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  exponentialLr,
  HistoryLogger,
  lambdaLr,
  oneCycleLr,
  warmupLr,
  sgd,
  Trainer,
  type Batch,
  type Callback,
  type OptimizerConfig,
} from "@fulmine/core";
import { LrFinderCallback, type FindLrOptions, type LrFinderCallbackOptions } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "../../core/test/support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 4 } as const;
const data = { train: makeLoader({ seed: 3 }) };
const sweep: FindLrOptions = { minLr: 1e-5, maxLr: 1, numTraining: 30 };

/** Records the rate at the end of each epoch. */
function rateNotes(): Callback & { readonly rates: number[] } {
  const rates: number[] = [];
  return { rates, onTrainEpochEnd: ({ optimizers }) => void rates.push(optimizers[0]?.lr ?? NaN) };
}

describe("a search at milestones", () => {
  test("runs at the start of these epochs, and training continues with the found rate", async () => {
    const search = new LrFinderCallback({ milestones: [1, 3], ...sweep, rule: "valley" });
    const notes = rateNotes();
    const model = makeTiny(TinyModule);
    const logger = new HistoryLogger();
    await new Trainer({ ...quiet, logger, callbacks: [search, notes] }).fit(model, data);
    expect([...search.finders.keys()]).toEqual([1, 3]);
    const [first = NaN, second = NaN] = [...search.finders.values()].map((finder) => finder.suggestion());
    expect(first).not.toBe(second);
    expect(notes.rates).toEqual([1e-2, first, first, second]);
    expect(model.hparams.lr).toBe(second);
    expect(logger.hparams).toEqual({ lr: second });
    expect(search.finders.get(1)?.results.lr[0]).toBe(1e-5);
  });

  test("changes only the rate", async () => {
    const train = async (callback: Callback): Promise<unknown> => {
      const model = makeTiny(TinyModule);
      const trainer = new Trainer({ ...quiet, callbacks: [callback] });
      const tensors = tf.memory().numTensors;
      const { metrics, steps } = await trainer.fit(model, { train: makeLoader(), val: makeLoader() });
      trainer.dispose();
      expect(tf.memory().numTensors).toBe(tensors);
      return { weights: weightsOf(model), metrics, steps };
    };
    const search = new LrFinderCallback({ milestones: [2], ...sweep, val: 5 });
    const searched = await train(search);
    const lr = search.finders.get(2)?.suggestion();
    const manual: Callback = {
      onTrainEpochStart({ currentEpoch, optimizers: [optimizer] }) {
        if (currentEpoch === 2 && optimizer !== undefined) optimizer.lr = lr ?? NaN;
      },
    };
    expect(searched).toEqual(await train(manual));
  });

  test("keeps the ratios of groups, and schedules continue in proportion", async () => {
    class Scheduled extends TinyModule {
      override configureOptimizers(): OptimizerConfig {
        const [first = [], , , last = []] = this.net.layers.map((layer) =>
          layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
        );
        return {
          optimizer: adam({ lr: 1e-2, groups: [{ params: first }, { params: last, lr: 1e-3 }] }),
          schedule: lambdaLr((epoch) => 0.5 ** epoch),
        };
      }
    }
    const rates: number[][] = [];
    const search = new LrFinderCallback({ milestones: [1], ...sweep });
    const note: Callback = {
      onTrainEpochEnd: ({ optimizers }) =>
        void rates.push(optimizers.flatMap(({ paramGroups }) => paramGroups.map((group) => group.lr))),
    };
    await new Trainer({ ...quiet, callbacks: [search, note] }).fit(makeTiny(Scheduled), data);
    const lr = search.finders.get(1)?.suggestion() ?? NaN;
    const near = (rate: number): number => expect.closeTo(rate, 12) as number;
    expect(rates).toEqual([
      [1e-2, 1e-3],
      [near(lr), near(lr / 10)],
      [near(lr / 2), near(lr / 20)],
      [near(lr / 4), near(lr / 40)],
    ]);
  });

  test.each([
    ["a warm-up", warmupLr({ totalSteps: 4 }), 0.01],
    ["a warm-up from 0", lambdaLr((step) => Math.min(1, step / 4)), 0],
    ["one cycle", oneCycleLr({ totalSteps: 24, pctStart: 0.25 }), 1 / 25],
  ])("lets %s rise to the found rate, and not beyond it", async (_, schedule, start) => {
    class Rising extends TinyModule {
      override configureOptimizers(): OptimizerConfig {
        return { optimizer: adam({ lr: 1e-3 }), schedule, interval: "step" };
      }
    }
    const rates: number[] = [];
    const search = new LrFinderCallback({ milestones: [0], ...sweep });
    const note: Callback = {
      onTrainBatchStart: ({ optimizers }) => void rates.push(optimizers[0]?.lr ?? NaN),
    };
    await new Trainer({ ...quiet, callbacks: [search, note] }).fit(makeTiny(Rising), data);
    const lr = search.finders.get(0)?.suggestion() ?? NaN;
    expect(rates[0]).toBeCloseTo(lr * start, 12);
    expect(Math.max(...rates)).toBeCloseTo(lr, 9);
  });

  test("warns of a schedule with rates of its own, which overrides the found rate", async () => {
    const said: string[] = [];
    class Listening extends Trainer {
      override get display(): Trainer["display"] {
        return { ...super.display, warn: (text) => void said.push(text) };
      }
    }
    class Cycling extends TinyModule {
      override configureOptimizers(): OptimizerConfig {
        return {
          ...{ optimizer: adam({ lr: 0.01 }), interval: "step" },
          schedule: oneCycleLr({ totalSteps: 24, maxLr: 0.1 }),
        };
      }
    }
    const callbacks = [new LrFinderCallback({ milestones: [1], ...sweep })];
    await new Listening({ ...quiet, maxEpochs: 2, callbacks }).fit(makeTiny(Cycling), data);
    expect(said).toEqual([
      "The schedule one-cycle has rates of its own: it overrides the found rate of adam at its next step.",
    ]);
  });

  test("sets the chosen optimizer with its schedule, and not the other optimizer", async () => {
    class Two extends TinyModule {
      override configureOptimizers(): OptimizerConfig {
        const [first, , , last] = this.net.layers.map((layer) => ({
          params: layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
        }));
        if (first === undefined || last === undefined) throw new Error("no layers");
        return [
          { optimizer: sgd({ lr: 0.1, groups: [first] }), schedule: exponentialLr({ gamma: 0.5 }) },
          { optimizer: sgd({ lr: 0.1, groups: [last] }), schedule: exponentialLr({ gamma: 0.5 }) },
        ];
      }
    }
    const search = new LrFinderCallback({ milestones: [1], ...sweep, optimizer: 1, rule: "minimum" });
    const trainer = new Trainer({ ...quiet, maxEpochs: 2, callbacks: [search] });
    const rates: number[] = [];
    trainer.events.on("onTrainEpochEnd", () => rates.push(...trainer.optimizers.map(({ lr }) => lr)));
    await trainer.fit(makeTiny(Two), data);
    expect(rates).toEqual([0.1, 0.1, 0.05, search.finders.get(1)?.suggestion()]);
  });

  test("keeps the rate if it finds none", async () => {
    class Flat extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        return tf.mul(super.trainingStep(batch, batchIdx), 0);
      }
    }
    const model = makeTiny(Flat);
    const search = new LrFinderCallback({ milestones: [0], ...sweep });
    const notes = rateNotes();
    await new Trainer({ ...quiet, maxEpochs: 1, callbacks: [search, notes] }).fit(model, data);
    expect([model.hparams.lr, notes.rates, search.finders.get(0)?.suggestion()]).toEqual([
      1e-2,
      [1e-2],
      null,
    ]);
  });

  test("is skipped in a fastDevRun, and ends when the fit is aborted", async () => {
    const search = new LrFinderCallback({ milestones: [0], ...sweep });
    await new Trainer({ ...quiet, fastDevRun: true, callbacks: [search] }).fit(makeTiny(TinyModule), data);
    expect(search.finders.size).toBe(0);
    const controller = new AbortController();
    class Stopping extends TinyModule {
      override onTrainBatchEnd(): void {
        controller.abort();
      }
    }
    const trainer = new Trainer({ ...quiet, signal: controller.signal, callbacks: [search] });
    expect(await trainer.fit(makeTiny(Stopping), data)).toMatchObject({ status: "interrupted", steps: 0 });
    expect(search.finders.size).toBe(0);
  });

  test.each<[string, LrFinderCallbackOptions, string]>([
    [
      "no milestones",
      { milestones: [] },
      "`milestones` of `LrFinderCallback` must be a non-empty list of epochs",
    ],
    ["a fraction of an epoch", { milestones: [0.5] }, "integers from 0. Received: [0.5]."],
    ["an invalid option of the search", { milestones: [1], maxLr: -1 }, "`maxLr` of `findLr` must be"],
    [
      "an unknown option",
      { milestones: [1], epochs: 3 } as LrFinderCallbackOptions,
      "has no option `epochs`",
    ],
  ])("refuses %s in the constructor", (_, options, message) => {
    expect(() => new LrFinderCallback(options)).toThrow(message);
  });

  test("refuses a missing field before the first epoch", async () => {
    const search = new LrFinderCallback({ milestones: [3], field: "optim.lr" });
    const trainer = new Trainer({ ...quiet, callbacks: [search] });
    await expect(trainer.fit(makeTiny(TinyModule), data)).rejects.toThrow(
      "`hparams.optim.lr`, the field for the learning rate",
    );
    expect(trainer.globalStep).toBe(0);
  });
});
