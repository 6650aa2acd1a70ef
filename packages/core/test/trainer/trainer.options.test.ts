import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  HistoryLogger,
  Module,
  sgd,
  Trainer,
  type Batch,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";
import { makeFitData, makeLoader, makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

/** Two numbers whose gradients are the numbers of the batch. */
class Slopes extends Module<object, readonly [number, number]> {
  readonly a = tf.variable(tf.scalar(0));
  readonly b = tf.variable(tf.scalar(0));
  trainingStep([a, b]: readonly [number, number]): tf.Tensor {
    return tf.add(tf.mul(this.a, a), tf.mul(this.b, b));
  }
  configureOptimizers(): OptimizerConfig {
    return sgd({ lr: 1 });
  }
}

/** How far the two numbers went down. */
async function descent(options: TrainerOptions, batches: readonly [number, number][]): Promise<number[]> {
  const model = new Slopes();
  await new Trainer({ ...quiet, maxEpochs: 1, ...options }).fit(model, { train: batches });
  return [model.a, model.b].map((variable) => -(variable.dataSync()[0] ?? NaN));
}
const closeTo = (values: number[]): number[] => values.map((value) => expect.closeTo(value, 5) as number);

describe("accumulateGradBatches", () => {
  test("steps by the mean of so many batches' gradients, and by what is left at the epoch's end", async () => {
    const batches: [number, number][] = [
      [1, 10],
      [3, 30],
      [5, 50],
    ];
    const steps = async (accumulateGradBatches: number): Promise<number> =>
      (
        await new Trainer({ ...quiet, maxEpochs: 1, accumulateGradBatches }).fit(new Slopes(), {
          train: batches,
        })
      ).steps;
    expect([await steps(1), await steps(2), await steps(3)]).toEqual([3, 2, 1]);
    // Lightning, too, divides what is left by the integer of batches.
    expect(await descent({ accumulateGradBatches: 2 }, batches)).toEqual(closeTo([4.5, 45]));
    expect(await descent({ accumulateGradBatches: 3 }, batches)).toEqual(closeTo([3, 30]));
  });

  test("can change by epoch", async () => {
    const stepsAfter: number[] = [];
    const trainer = new Trainer({
      ...{ ...quiet, maxEpochs: 5, accumulateGradBatches: { 1: 3, 3: 6 } },
      callbacks: [{ onTrainEpochEnd: ({ globalStep }) => void stepsAfter.push(globalStep) }],
    });
    await trainer.fit(makeTiny(TinyModule), makeFitData());
    expect(stepsAfter).toEqual([6, 8, 10, 11, 12]);
  });

  test("loses nothing of data whose length is not known", async () => {
    const batches = { *[Symbol.iterator]() { yield* [[1, 1], [3, 3], [5, 5]] as [number, number][]; } }; // prettier-ignore
    const model = new Slopes();
    const { steps } = await new Trainer({ ...quiet, maxEpochs: 2, accumulateGradBatches: 2 }).fit(model, {
      train: batches,
    });
    expect([steps, -(model.a.dataSync()[0] ?? NaN)]).toEqual([4, expect.closeTo(9, 5)]);
  });
});

describe("gradientClipVal", () => {
  test("scales all gradients together where their norm is above it", async () => {
    // The norm of (3, 4) is 5.
    expect(await descent({ gradientClipVal: 1 }, [[3, 4]])).toEqual(closeTo([3 / 5.000001, 4 / 5.000001]));
    expect(await descent({ gradientClipVal: 6 }, [[3, 4]])).toEqual([3, 4]);
  });

  test("with the algorithm value cuts each number", async () => {
    const options = { gradientClipVal: 3.5, gradientClipAlgorithm: "value" } as const;
    expect(await descent(options, [[3, 4], [-7, 1]])).toEqual([3 - 3.5, 3.5 + 1]); // prettier-ignore
  });

  test("looks at the mean of the gathered gradients, not at each batch's", async () => {
    const options = { gradientClipVal: 5, accumulateGradBatches: 2 };
    expect(await descent(options, [[9, 0], [-3, 4]])).toEqual(closeTo([3, 2])); // prettier-ignore
  });
});

describe("detectAnomaly", () => {
  /** Trains the numbers 1 and `w` on a loss that breaks. */
  class Broken extends Module<{ w: number; lr: number; loss: (w: tf.Variable) => tf.Tensor }, number> {
    readonly w = tf.variable(tf.tensor1d([1, this.hparams.w]));
    trainingStep(): tf.Tensor {
      return tf.sum(this.hparams.loss(this.w));
    }
    configureOptimizers(): OptimizerConfig {
      return sgd({ lr: this.hparams.lr });
    }
  }
  const cases: [string, () => Broken, RegExp][] = [
    [
      "the first operation of the loss",
      () => new Broken({ w: 0, lr: 1, loss: (w) => tf.square(tf.log(w)) }),
      /operation Log gave a value that is not finite, from finite inputs of shape \[2\]/,
    ],
    [
      "the first operation of a gradient",
      () => new Broken({ w: 0, lr: 1, loss: (w) => tf.sqrt(w) }),
      /operation RealDiv gave/,
    ],
    [
      "the first variable after a step",
      () => new Broken({ w: 1, lr: 1e30, loss: (w) => tf.mul(w, 1e30) }),
      /The variable ".+" is not finite after the optimizer's step/,
    ],
  ];
  test.each(cases)("names %s, and leaves nothing behind", async (_, make, message) => {
    const fit = async (options: TrainerOptions): Promise<unknown> => {
      const model = make();
      const before = tf.memory().numTensors;
      const trainer = new Trainer({ ...quiet, maxEpochs: 1, ...options });
      const error: unknown = await trainer.fit(model, { train: [0] }).then(
        () => null,
        (reason: unknown) => reason,
      );
      trainer.dispose();
      expect(tf.memory().numTensors).toBe(before);
      expect(Object.hasOwn(tf.engine(), "runKernel")).toBe(false);
      return error;
    };
    expect(await fit({ detectAnomaly: true })).toMatchObject({
      code: "ANOMALY",
      message: expect.stringMatching(message) as string,
    });
    expect(await fit({})).toBeNull();
  });

  test("changes nothing where all is well", async () => {
    const fit = async (detectAnomaly: boolean): Promise<number[][]> => {
      const model = makeTiny(TinyModule);
      await new Trainer({ ...quiet, maxEpochs: 1, detectAnomaly }).fit(model, makeFitData());
      return weightsOf(model);
    };
    expect(await fit(true)).toEqual(await fit(false));
  });
});

describe("what is logged and shown", () => {
  test.each([
    [undefined, []],
    [1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
    [5, [5, 10]],
  ])("logEveryNSteps %s sends the metrics of the steps %j", async (logEveryNSteps, expected) => {
    class Logging extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        this.log("batch", batchIdx);
        return super.trainingStep(batch, batchIdx);
      }
    }
    const logger = new HistoryLogger();
    const options = logEveryNSteps === undefined ? {} : { logEveryNSteps };
    await new Trainer({ ...quiet, maxEpochs: 2, logger, ...options }).fit(makeTiny(Logging), makeFitData());
    expect(logger.of("batch").map(({ step }) => step)).toEqual(expected);
    expect(logger.of("val_loss").map(({ step }) => step)).toEqual([6, 12]);
  });

  test("logger takes several, or false for none", async () => {
    const loggers = [new HistoryLogger(), new HistoryLogger()];
    await new Trainer({ ...quiet, maxEpochs: 1, logger: loggers }).fit(makeTiny(TinyModule), makeFitData());
    expect(loggers.map(({ rows }) => rows.length)).toEqual([2, 2]);
    expect(loggers[0]?.rows).toEqual(loggers[1]?.rows);
    expect(new Trainer({ logger: false }).loggers).toEqual([]);
  });

  test("the metrics of test and validate go to the loggers, too", async () => {
    const logger = new HistoryLogger();
    const trainer = new Trainer({ ...quiet, logger });
    const metrics = await trainer.validate(makeTiny(TinyModule), makeLoader());
    expect(logger.rows).toEqual([{ step: 0, metrics }]);
  });

  afterEach(() => void vi.restoreAllMocks());
  const shown = async (options: TrainerOptions): Promise<string> => {
    const info = vi.spyOn(console, "info").mockImplementation(() => undefined);
    await new Trainer({ seed: 1, maxEpochs: 2, ...options }).fit(makeTiny(TinyModule), makeFitData());
    return info.mock.calls.flat().join("\n");
  };

  test("enableProgressBar: false shows nothing, else there is a line per epoch", async () => {
    expect(await shown({})).toMatch(/Epoch 1\/2 .*train_loss .*\n.*Epoch 2\/2/s);
    vi.restoreAllMocks();
    expect(await shown({ enableProgressBar: false })).toBe("");
  });

  test("enableModelSummary: false leaves out the parts and their sizes", async () => {
    // 4 · 8 + 8 and 8 · 3 + 3 of the dense layers, 4 · 8 of BatchNorm, of which half are averages.
    expect(await shown({})).toContain("83 trainable parameters of 99");
    vi.restoreAllMocks();
    const without = await shown({ enableModelSummary: false });
    expect(without).not.toContain("parameters");
    expect(without).toContain("Epoch 1/2");
  });
});

describe("the rest", () => {
  test("defaultRootDir is what callbacks and loggers are told, the current folder without it", () => {
    expect(new Trainer({ defaultRootDir: "runs/a" }).defaultRootDir).toBe("runs/a");
    expect(new Trainer().defaultRootDir).toBe(".");
  });

  test("seed decides order, dropout and all other chance, so that a run can be repeated", async () => {
    const run = async (options: TrainerOptions): Promise<number[][]> => {
      const model = makeTiny(TinyModule);
      await new Trainer({ enableProgressBar: false, maxEpochs: 1, ...options }).fit(model, makeFitData());
      return weightsOf(model);
    };
    expect(await run({ seed: 5 })).toEqual(await run({ seed: 5 }));
    expect(await run({ seed: 5 })).not.toEqual(await run({ seed: 6 }));
    expect(await run({})).not.toEqual(await run({}));
  });
});
