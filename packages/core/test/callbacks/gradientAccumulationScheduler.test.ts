import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { GradientAccumulationScheduler, Trainer, type Callback, type TrainerOptions } from "@fulmine/core";
import { sixAndThree } from "../support/scripted.js";
import { makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

describe("GradientAccumulationScheduler", () => {
  const stepsOf = async (options: TrainerOptions): Promise<number[]> => {
    const ends: number[] = [];
    const count: Callback = { onTrainEpochEnd: (trainer) => void ends.push(trainer.globalStep) };
    const trainer = new Trainer({
      ...quiet,
      maxEpochs: 4,
      ...options,
      callbacks: [count, ...(options.callbacks ?? [])],
    });
    await trainer.fit(makeTiny(TinyModule), { train: sixAndThree().train });
    return ends;
  };

  test("changes by epoch how many batches make a step, as the option does", async () => {
    const scheduling = { 1: 2, 3: 6 };
    const callbacks = [new GradientAccumulationScheduler({ scheduling })];
    expect(await stepsOf({ callbacks })).toEqual([6, 9, 12, 13]);
    expect(await stepsOf({ accumulateGradBatches: scheduling })).toEqual([6, 9, 12, 13]);
  });

  test("is told in one place only", async () => {
    const own = (): GradientAccumulationScheduler =>
      new GradientAccumulationScheduler({ scheduling: { 0: 2 } });
    for (const options of [
      { accumulateGradBatches: 4, callbacks: [own()] },
      { accumulateGradBatches: { 0: 4 }, callbacks: [own()] },
      { callbacks: [own(), own()] },
    ])
      await expect(stepsOf(options)).rejects.toThrow(
        "The number of batches per optimizer step is set twice.",
      );
    expect(await stepsOf({ accumulateGradBatches: 1, callbacks: [own()] })).toEqual([3, 6, 9, 12]);
  });

  test("refuses wrong schedules, and modules with manual optimization", async () => {
    expect(() => new GradientAccumulationScheduler({ scheduling: { 0: 0 } })).toThrow("`scheduling` of");
    expect(() => new GradientAccumulationScheduler({ scheduling: {} })).toThrow("`scheduling` of");
    class Manual extends TinyModule {
      override readonly automaticOptimization = false;
    }
    const callbacks = [new GradientAccumulationScheduler({ scheduling: { 0: 2 } })];
    const before = tf.memory().numTensors;
    const model = makeTiny(Manual);
    await expect(new Trainer({ ...quiet, callbacks }).fit(model, sixAndThree())).rejects.toThrow(
      "A module with manual optimization",
    );
    expect(tf.memory().numTensors).toBeGreaterThanOrEqual(before);
  });
});
