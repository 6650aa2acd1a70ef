import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  type HistoryLogger,
  FulmineError,
  Module,
  sgd,
  Trainer,
  type Batch,
  type Optimizer,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { makeFitData, makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

describe("what is no module is refused by every method that takes one", () => {
  const given: [string, unknown, string][] = [
    ["nothing", undefined, "Extend Module"],
    ["an empty object", {}, "Extend Module"],
    [
      "a model of tf.layers",
      tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] }),
      "fromLayers(model",
    ],
    ["a class", TinyModule, "new Digits("],
    [
      "a module without its methods",
      Object.assign(makeTiny(TinyModule), { trainingStep: undefined }),
      "`trainingStep`",
    ],
  ];
  test.each(given)("%s", async (_, module, advice) => {
    const trainer = new Trainer({ ...quiet, maxEpochs: 1 });
    const runs: Record<string, () => Promise<unknown>> = {
      fit: () => trainer.fit(module as TinyModule, makeFitData()),
      validate: () => trainer.validate(module as TinyModule, makeFitData().val),
      test: () => trainer.test(module as TinyModule, makeFitData().val),
      predict: () => trainer.predict(module as TinyModule, makeFitData().val),
      isolated: () => trainer.isolated(module as TinyModule, makeFitData(), async () => 0),
      findLr: () => new (withLrFinder(Trainer))(quiet).findLr(module as TinyModule, makeFitData()),
    };
    for (const [name, run] of Object.entries(runs)) {
      const error: unknown = await run().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "INVALID_MODULE" });
      expect((error as Error).message).toContain(`\`${name}\` takes a Module first.`);
      expect((error as Error).message).toContain(advice);
    }
    // Nothing of the refused run is left: the Trainer can be used.
    expect((await trainer.fit(makeTiny(TinyModule), makeFitData())).status).toBe("finished");
  });
});

describe("what is wrong is said before any step", () => {
  const model = (): TinyModule => makeTiny(TinyModule);
  const cases: [string, () => Promise<unknown>, string][] = [
    [
      "an unknown option",
      async () => new Trainer({ epochs: 3 } as TrainerOptions),
      "no option `epochs`. Received: 3",
    ],
    [
      "a bad option",
      async () => new Trainer({ maxEpochs: 0 }),
      "`maxEpochs` must be an integer of at least 1. Received: 0",
    ],
    [
      "the finder's option on the bare Trainer",
      async () => new Trainer({ autoLrFind: true } as TrainerOptions),
      "withLrFinder(Trainer)",
    ],
    [
      "a thing that is no logger",
      async () => new Trainer({ logger: {} as HistoryLogger }),
      "`logger` must be a logger",
    ],
    ["no data", () => new Trainer(quiet).fit(model()), "There is no training data."],
    [
      "data that can't be read",
      () => new Trainer(quiet).fit(model(), { train: 5 as never }),
      "`train` must be a DataLoader",
    ],
    ["empty data", () => new Trainer(quiet).fit(model(), { train: [] }), "`train` gave no batch."],
    [
      "a generator in its second epoch",
      async () => {
        const batches = makeLoader()[Symbol.asyncIterator]();
        await new Trainer({ ...quiet, maxEpochs: 2 }).fit(model(), { train: batches });
      },
      "`train` gave no batch in epoch 1: it can be read only once.",
    ],
    [
      "no validationStep",
      async () => {
        class Bare extends Module {
          readonly w = tf.variable(tf.scalar(1));
          trainingStep(): tf.Tensor {
            return tf.square(this.w);
          }
          configureOptimizers(): OptimizerConfig {
            return sgd({ lr: 1 });
          }
        }
        await new Trainer(quiet).fit(new Bare(), { train: [1], val: [1] } as never);
      },
      "the module has no `validationStep`",
    ],
    [
      "a loss that is no scalar",
      async () => {
        class Vector extends TinyModule {
          override trainingStep({ xs }: Batch): tf.Tensor {
            return this.net.apply(xs) as tf.Tensor;
          }
        }
        await new Trainer(quiet).fit(makeTiny(Vector), makeFitData());
      },
      "must return a scalar loss, but its shape is [16, 3]",
    ],
    [
      "an async step",
      async () => {
        class Async extends TinyModule {
          override trainingStep(): tf.Tensor {
            return Promise.resolve(1) as never;
          }
        }
        await new Trainer(quiet).fit(makeTiny(Async), makeFitData());
      },
      "`trainingStep` must not be async",
    ],
    [
      "a loss that depends on nothing that is trained",
      async () => {
        class Apart extends TinyModule {
          override trainingStep({ xs }: Batch): tf.Tensor {
            return tf.mean(xs);
          }
        }
        await new Trainer(quiet).fit(makeTiny(Apart), makeFitData());
      },
      "The loss depends on no trainable parameter of the optimizer. Compute it from the layers",
    ],
    [
      "a module whose parameters are frozen by its own step",
      async () => {
        class Freezing extends TinyModule {
          override onTrainStart(): void {
            this.net.trainable = false;
          }
        }
        await new Trainer(quiet).fit(makeTiny(Freezing), makeFitData());
      },
      "The loss depends on no trainable parameter of the optimizer.",
    ],
    [
      "a manual loss that depends on nothing that is trained",
      async () => {
        class Manual extends TinyModule {
          override readonly automaticOptimization = false;
          override trainingStep({ xs }: Batch): tf.Tensor {
            return this.manualBackward(() => tf.mean(xs), this.optimizers()[0] as Optimizer).loss;
          }
        }
        await new Trainer(quiet).fit(makeTiny(Manual), makeFitData());
      },
      "The loss depends on no trainable parameter of the optimizer.",
    ],
    [
      "an optimizer that is none",
      async () => {
        class None extends TinyModule {
          override configureOptimizers(): OptimizerConfig {
            return tf.train.sgd(1) as never;
          }
        }
        await new Trainer(quiet).fit(makeTiny(None), makeFitData());
      },
      "`configureOptimizers` must return an optimizer",
    ],
    [
      "a fit during a fit",
      async () => {
        const trainer = new Trainer({
          ...quiet,
          maxEpochs: 1,
          callbacks: [{ onTrainStart: async () => void (await trainer.fit(model(), makeFitData())) }],
        });
        await trainer.fit(model(), makeFitData());
      },
      "is running already",
    ],
  ];
  test.each(cases)("%s", async (_, run, message) => {
    const error: unknown = await run().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FulmineError);
    expect((error as FulmineError).message).toContain(message);
  });
});
