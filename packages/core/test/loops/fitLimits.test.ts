import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  Trainer,
  type Batch,
  type Callback,
  type DataSource,
  type FitData,
  type TrainerOptions,
} from "@fulmine/core";
import { makeFitData, makeLoader, makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

/** 6 training batches and 3 held-out ones. */

/** The batches of a loader without a known length. */
function ofUnknownLength(size = 96): DataSource<Batch> {
  return { [Symbol.asyncIterator]: () => makeLoader({ shuffle: false, size })[Symbol.asyncIterator]() };
}

/** Counts a run's batches by stage, and notes at which training batch validation came. */
class Counting extends TinyModule {
  readonly batches = { train: 0, val: 0, test: 0, predict: 0 };
  readonly validatedAfter: number[] = [];
  readonly firstInputs: number[] = [];

  override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
    this.batches.train += 1;
    this.firstInputs.push(batch.xs.dataSync()[0] ?? NaN);
    return super.trainingStep(batch, batchIdx);
  }
  override validationStep(batch: Batch): tf.Tensor {
    this.batches.val += 1;
    return super.validationStep(batch);
  }
  override testStep(batch: Batch): tf.Tensor {
    this.batches.test += 1;
    return this.loss(batch, false);
  }
  override predictStep(batch: Batch): tf.Tensor {
    this.batches.predict += 1;
    return this.net.apply(batch.xs) as tf.Tensor;
  }
  override onValidationEnd(): void {
    if (this.batches.train > 0) this.validatedAfter.push(this.batches.train);
  }
}

async function fit(options: TrainerOptions, given: FitData<Batch> = makeFitData()) {
  const model = makeTiny(Counting);
  const trainer = new Trainer({ ...quiet, numSanityValSteps: 0, ...options });
  const result = await trainer.fit(model, given);
  return { ...result, model, trainer, ...model.batches };
}

const stopAt = (step: number): Callback => ({
  onTrainBatchEnd: (trainer) => void (trainer.globalStep === step && trainer.stop()),
});

describe("how long a fit lasts", () => {
  test("maxEpochs is the number of epochs", async () => {
    expect(await fit({ maxEpochs: 3 })).toMatchObject({ status: "finished", epochs: 3, steps: 18 });
  });

  test("without a limit it is 1000 epochs, or none when steps or time are limited", () => {
    expect(new Trainer().maxEpochs).toBe(1000);
    expect(new Trainer({ maxSteps: 1 }).maxEpochs).toBe(Infinity);
    expect(new Trainer({ maxTime: { hours: 1 } }).maxEpochs).toBe(Infinity);
  });

  test("minEpochs holds back a stop until so many epochs are whole", async () => {
    const options = { maxEpochs: 9, callbacks: [stopAt(2)] };
    expect(await fit({ ...options, minEpochs: 2 })).toMatchObject({
      status: "stopped",
      epochs: 2,
      steps: 12,
    });
    expect(await fit(options)).toMatchObject({ status: "stopped", epochs: 0, steps: 2 });
  });

  test("maxSteps ends it within an epoch, also when several batches make a step", async () => {
    expect(await fit({ maxSteps: 7 })).toMatchObject({ status: "finished", epochs: 1, steps: 7, train: 7 });
    expect(await fit({ maxSteps: 4, accumulateGradBatches: 3 })).toMatchObject({ steps: 4, train: 12 });
  });

  test("maxTime ends it, but not before minEpochs", async () => {
    const over = [{ seconds: 0 }, "00:00:00:00"] as const;
    for (const maxTime of over) expect(await fit({ maxTime })).toMatchObject({ status: "stopped", steps: 0 });
    expect(await fit({ maxTime: { seconds: 0 }, minEpochs: 1 })).toMatchObject({ epochs: 1, steps: 6 });
    expect(await fit({ maxTime: { days: 1 }, maxEpochs: 1 })).toMatchObject({ status: "finished", steps: 6 });
  });
});

describe("how much data is read", () => {
  test.each([
    [2, 2],
    [1, 1],
    [0.5, 3],
    [0.1, 1],
    [99, 6],
  ])("limitTrainBatches %d reads %d of 6 batches", async (limitTrainBatches, expected) => {
    expect(await fit({ maxEpochs: 2, limitTrainBatches })).toMatchObject({ train: 2 * expected, epochs: 2 });
  });

  test.each([
    [2, 2],
    [0.67, 2],
    [0, 0],
    [99, 3],
  ])("limitValBatches %d reads %d of 3 batches", async (limitValBatches, expected) => {
    expect(await fit({ maxEpochs: 1, limitValBatches })).toMatchObject({ val: expected });
  });

  test.each([
    [2, 2],
    [0.5, 3],
  ])("limitTestBatches and limitPredictBatches %d read %d of 6 batches", async (limit, expected) => {
    const model = makeTiny(Counting);
    const trainer = new Trainer({ ...quiet, limitTestBatches: limit, limitPredictBatches: limit });
    await trainer.test(model, makeLoader());
    tf.dispose(await trainer.predict(model, makeLoader()));
    expect(model.batches).toMatchObject({ test: expected, predict: expected });
  });

  test("limitValBatches holds for validate, too", async () => {
    const model = makeTiny(Counting);
    await new Trainer({ ...quiet, limitValBatches: 2 }).validate(model, makeLoader());
    expect(model.batches.val).toBe(2);
  });

  test("a number of batches limits data of unknown length, a fraction is an error", async () => {
    const given = { train: ofUnknownLength(), val: ofUnknownLength(48) };
    const limits = { limitTrainBatches: 2, limitValBatches: 1, maxEpochs: 2 };
    expect(await fit(limits, given)).toMatchObject({ train: 4, val: 2 });
    for (const flag of ["limitTrainBatches", "limitValBatches", "overfitBatches", "valCheckInterval"]) {
      await expect(fit({ [flag]: 0.5 }, given)).rejects.toThrow(
        `\`${flag}\` can't be a fraction of data whose length is not known. Received: 0.5. Give an integer number of batches.`,
      );
    }
    const trainer = new Trainer({ ...quiet, limitTestBatches: 0.5, limitPredictBatches: 0.5 });
    await expect(trainer.test(makeTiny(Counting), ofUnknownLength())).rejects.toThrow("`limitTestBatches`");
    await expect(trainer.predict(makeTiny(Counting), ofUnknownLength())).rejects.toThrow(
      "`limitPredictBatches`",
    );
  });
});

describe("overfitBatches", () => {
  test.each([
    ["in order", () => makeLoader({ shuffle: false })],
    ["shuffled by the Trainer's seed", () => makeLoader()],
    ["shuffled by its own seed", () => makeLoader({ seed: 3 })],
    ["of unknown length", () => ofUnknownLength()],
  ])("trains and validates on the same batches in each epoch, with data %s", async (_, train) => {
    const seen: number[] = [];
    class Watching extends Counting {
      override validationStep(batch: Batch): tf.Tensor {
        seen.push(batch.xs.dataSync()[0] ?? NaN);
        return super.validationStep(batch);
      }
    }
    const model = makeTiny(Watching);
    const trainer = new Trainer({ ...quiet, numSanityValSteps: 0, maxEpochs: 3, overfitBatches: 2 });
    await trainer.fit(model, { train: train(), val: makeLoader({ size: 48 }) });
    const [first, second] = model.firstInputs;
    const threeTimes = [first, second, first, second, first, second];
    expect(model.firstInputs).toEqual(threeTimes);
    expect(seen).toEqual(threeTimes);
  });

  test("can be a fraction", async () => {
    expect(await fit({ maxEpochs: 1, overfitBatches: 0.5 })).toMatchObject({ train: 3, val: 3 });
  });
});

describe("when a fit validates", () => {
  test.each([
    [undefined, [6, 12]],
    [2, [2, 4, 6, 8, 10, 12]],
    [0.5, [3, 6, 9, 12]],
    [4, [4, 10]],
    [6, [6, 12]],
  ])("valCheckInterval %s validates after the batches %j", async (valCheckInterval, expected) => {
    const options = valCheckInterval === undefined ? {} : { valCheckInterval };
    expect((await fit({ maxEpochs: 2, ...options })).model.validatedAfter).toEqual(expected);
  });

  test("a valCheckInterval that never comes is an error", async () => {
    await expect(fit({ valCheckInterval: 7 })).rejects.toThrow(
      "`valCheckInterval` must be at most the 6 batches of an epoch. Received: 7.",
    );
  });

  test("checkValEveryNEpoch leaves epochs out", async () => {
    expect((await fit({ maxEpochs: 5, checkValEveryNEpoch: 2 })).model.validatedAfter).toEqual([12, 24]);
    const both = { maxEpochs: 4, checkValEveryNEpoch: 2, valCheckInterval: 3 };
    expect((await fit(both)).model.validatedAfter).toEqual([9, 12, 21, 24]);
  });

  test("numSanityValSteps tries so many held-out batches before training", async () => {
    const tried = async (options: TrainerOptions): Promise<number> => {
      const model = makeTiny(Counting);
      const onTrainStart = (): void => trainer.stop();
      const trainer = new Trainer({ ...quiet, ...options, callbacks: [{ onTrainStart }] });
      await trainer.fit(model, makeFitData());
      return model.batches.val;
    };
    expect(await tried({})).toBe(2);
    expect(await tried({ numSanityValSteps: 1 })).toBe(1);
    expect(await tried({ numSanityValSteps: 0 })).toBe(0);
    expect(await tried({ numSanityValSteps: 9 })).toBe(3);
  });

  test("nothing of that shows: not in metrics, in data that is read once, or in chance", async () => {
    const run = async (numSanityValSteps: number): Promise<unknown> => {
      class Random extends Counting {
        override validationStep(batch: Batch): tf.Tensor {
          this.log("noise", tf.randomUniform([]));
          return super.validationStep(batch);
        }
      }
      const model = makeTiny(Random);
      const before: unknown[] = [];
      const trainer = new Trainer({
        ...quiet,
        ...{ maxEpochs: 1, numSanityValSteps },
        callbacks: [{ onTrainStart: ({ callbackMetrics }) => void before.push({ ...callbackMetrics }) }],
      });
      const once = makeLoader({ size: 48, shuffle: false })[Symbol.asyncIterator]();
      const { metrics } = await trainer.fit(model, { train: makeLoader(), val: once });
      return { before, metrics, weights: weightsOf(model) };
    };
    const without = await run(0);
    expect(without).toMatchObject({ before: [{}] });
    expect(await run(2)).toEqual(without);
  });
});

describe("fastDevRun", () => {
  const logged: unknown[] = [];
  const logger = {
    logMetrics: (row: object) => void logged.push(row),
    logHyperparams: () => void logged.push("h"),
  };

  test.each([
    [true, 1],
    [2, 2],
  ])("%s runs %d batch(es) of each loop, whatever else is asked for", async (fastDevRun, expected) => {
    const others = { maxEpochs: 7, limitTrainBatches: 4, overfitBatches: 5, checkValEveryNEpoch: 3, logger };
    const result = await fit({
      fastDevRun,
      ...others,
      valCheckInterval: 4,
      numSanityValSteps: 2,
      maxSteps: 100,
    });
    expect(result).toMatchObject({ train: expected, val: expected, steps: expected, epochs: 1 });
    expect(result.trainer.loggers).toEqual([]);
    expect(logged).toEqual([]);
    await result.trainer.test(result.model, makeLoader());
    tf.dispose(await result.trainer.predict(result.model, makeLoader()));
    expect(result.model.batches).toMatchObject({ test: expected, predict: expected });
  });

  test("false changes nothing", async () => {
    const result = await fit({ fastDevRun: false, maxEpochs: 1, logger });
    expect(result).toMatchObject({ train: 6, val: 3 });
    expect(logged).not.toEqual([]);
  });
});
