import * as tf from "@tensorflow/tfjs";
import { describe, expect, test, vi } from "vitest";
import {
  adam,
  exponentialLr,
  HistoryLogger,
  sgd,
  Trainer,
  type Batch,
  type Callback,
  type OptimizerConfig,
  type TrainerOptions,
} from "@fulmine/core";
import { makeFitData, makeLoader, makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

async function fitTiny(options: TrainerOptions = {}, seed = 1): Promise<number[][]> {
  const model = makeTiny(TinyModule);
  await new Trainer({ ...quiet, maxEpochs: 3, ...options, seed }).fit(model, makeFitData());
  return weightsOf(model);
}

describe("a fit", () => {
  test("learns", async () => {
    const model = makeTiny(TinyModule);
    const trainer = new Trainer({ ...quiet, maxEpochs: 20 });
    const { metrics, status, epochs, steps } = await trainer.fit(model, makeFitData());
    expect({ status, epochs, steps }).toEqual({ status: "finished", epochs: 20, steps: 120 });
    expect(metrics["val_loss"]).toBeLessThan(0.5);
  });

  test("repeats bit for bit with the same seed, and not with another", async () => {
    const first = await fitTiny();
    expect(await fitTiny()).toEqual(first);
    expect(await fitTiny({}, 2)).not.toEqual(first);
  });

  test("leaves Math.random as it found it", async () => {
    const before = Math.random;
    await fitTiny({ maxSteps: 2 });
    expect(Math.random).toBe(before);
  });

  test("keeps the number of tensors flat over 1,000 steps", async () => {
    const model = makeTiny(TinyModule);
    const counts = new Set<number>();
    const counter: Callback = {
      onTrainBatchEnd: (trainer) => void (trainer.globalStep > 1 && counts.add(tf.memory().numTensors)),
    };
    const trainer = new Trainer({ ...quiet, maxSteps: 1000, callbacks: [counter] });
    const before = tf.memory().numTensors;
    await trainer.fit(model, makeFitData());
    expect(counts.size).toBe(1);
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("lets the event loop breathe", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await fitTiny({ maxEpochs: 40 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(1);
  });

  test("with gradients of two half batches accumulated equals one with whole batches", async () => {
    class Plain extends TinyModule {
      override readonly net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 3 })] });
      override configureOptimizers(): OptimizerConfig {
        return sgd({ lr: 0.1 });
      }
    }
    const points = makeLoader({ shuffle: false });
    const halves: Batch[] = [];
    for await (const { xs, ys } of points) {
      halves.push(
        { xs: tf.slice(xs, 0, 8), ys: tf.slice(ys, 0, 8) },
        { xs: tf.slice(xs, 8), ys: tf.slice(ys, 8) },
      );
    }
    const whole = makeTiny(Plain);
    await new Trainer({ ...quiet, maxEpochs: 2 }).fit(whole, { train: points });
    const accumulated = makeTiny(Plain);
    const result = await new Trainer({ ...quiet, maxEpochs: 2, accumulateGradBatches: 2 }).fit(accumulated, {
      train: halves,
    });
    expect(result.steps).toBe(12);
    for (const [index, weights] of weightsOf(accumulated).entries()) {
      expect(weights).toEqual(weightsOf(whole)[index]?.map((weight) => expect.closeTo(weight, 5) as number));
    }
  });

  test("moves schedules after each epoch, or each step when asked to", async () => {
    for (const [interval, expected] of [
      ["epoch", 0.01 * 0.5 ** 3],
      ["step", 0.01 * 0.5 ** 18],
    ] as const) {
      class Scheduled extends TinyModule {
        override configureOptimizers(): OptimizerConfig {
          return {
            optimizer: adam({ lr: this.hparams.lr }),
            schedule: exponentialLr({ gamma: 0.5 }),
            interval,
          };
        }
      }
      const trainer = new Trainer({ ...quiet, maxEpochs: 3 });
      await trainer.fit(makeTiny(Scheduled), makeFitData());
      expect(trainer.optimizers[0]?.lr).toBeCloseTo(expected, 12);
    }
  });
});

describe("a fit ends", () => {
  test("after maxSteps", async () => {
    const { steps, status } = await new Trainer({ ...quiet, maxSteps: 7 }).fit(
      makeTiny(TinyModule),
      makeFitData(),
    );
    expect({ steps, status }).toEqual({ steps: 7, status: "finished" });
  });

  test("by trainer.stop(), after the present batch", async () => {
    const callback: Callback = {
      onTrainBatchEnd: (trainer) => void (trainer.globalStep === 4 && trainer.stop()),
    };
    const trainer = new Trainer({ ...quiet, maxEpochs: 9, callbacks: [callback] });
    expect(await trainer.fit(makeTiny(TinyModule), makeFitData())).toMatchObject({
      status: "stopped",
      steps: 4,
    });
  });

  test("by an AbortSignal, after the present batch", async () => {
    const controller = new AbortController();
    const callback: Callback = {
      onTrainBatchEnd: (trainer) => void (trainer.globalStep === 3 && controller.abort()),
    };
    const trainer = new Trainer({ ...quiet, maxEpochs: 9, callbacks: [callback], signal: controller.signal });
    expect(await trainer.fit(makeTiny(TinyModule), makeFitData())).toMatchObject({
      status: "interrupted",
      steps: 3,
    });
  });
});

test("a pass over held-out data says when it was interrupted", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const controller = new AbortController();
  const callback: Callback = { onTestBatchEnd: () => controller.abort() };
  const trainer = new Trainer({ ...quiet, callbacks: [callback], signal: controller.signal });
  await trainer.validate(makeTiny(TinyModule), makeLoader());
  expect(warn).not.toHaveBeenCalled();
  class Tested extends TinyModule {
    override testStep(batch: Batch, batchIdx: number): tf.Tensor {
      return this.trainingStep(batch, batchIdx);
    }
    override predictStep({ xs }: Batch): tf.Tensor {
      return xs.clone();
    }
  }
  await trainer.test(makeTiny(Tested), makeLoader());
  expect(await trainer.predict(makeTiny(Tested), makeLoader())).toEqual([]);
  const said = warn.mock.calls.map(([line]) => String(line));
  warn.mockRestore();
  expect(said).toEqual([
    "`test` was interrupted: its result covers only the batches before.",
    "`predict` was interrupted: its result covers only the batches before.",
  ]);
});

test("loggers get all hyperparameters, steps' metrics and epochs' means", async () => {
  const history = new HistoryLogger();
  class Logging extends TinyModule {
    override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
      this.log("step", batchIdx);
      return super.trainingStep(batch, batchIdx);
    }
  }
  await new Trainer({ ...quiet, maxEpochs: 2, logger: history, logEveryNSteps: 3 }).fit(
    makeTiny(Logging),
    makeFitData(),
  );
  expect(history.hparams).toEqual({ lr: 1e-2 });
  expect(history.of("step")).toEqual([
    { step: 3, value: 2 },
    { step: 6, value: 5 },
    { step: 9, value: 2 },
    { step: 12, value: 5 },
  ]);
  expect(history.of("val_loss").map(({ step }) => step)).toEqual([6, 12]);
  expect(history.of("train_loss")).toHaveLength(2);
});

test("an epoch's mean weighs a short last batch by its size", async () => {
  class Sizes extends TinyModule {
    override validationStep(batch: Batch): tf.Tensor {
      this.log("size", batch.xs.shape[0]);
      return super.validationStep(batch);
    }
  }
  const metrics = await new Trainer(quiet).validate(makeTiny(Sizes), makeLoader({ size: 24 }));
  expect(metrics["size"]).toBeCloseTo((16 * 16 + 8 * 8) / 24, 10);
});

test("the metrics of a validation are a plain object, as those of a fit are", async () => {
  const metrics = await new Trainer(quiet).validate(makeTiny(TinyModule), makeLoader());
  expect(Object.getPrototypeOf(metrics)).toBe(Object.prototype);
  expect(metrics["val_loss"]).toBeGreaterThan(0);
});
