import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import {
  HistoryLogger,
  LearningRateMonitor,
  ModelCheckpoint,
  Module,
  sgd,
  Trainer,
  WeightAveraging,
  type Batch,
  type Callback,
  type Optimizer,
} from "@fulmine/core";
import { FilingTrainer } from "../support/filingTrainer.js";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1 } as const;

/** A module whose optimizer takes two steps of 1 with each batch. */
class Twice extends Module<object, number> {
  override readonly automaticOptimization: boolean = false;
  readonly w = tf.variable(tf.scalar(0));

  override async trainingStep(slope: number): Promise<void> {
    const [optimizer] = this.optimizers() as [Optimizer];
    for (let step = 0; step < 2; step++) {
      const { gradients } = this.manualBackward(() => tf.mul(this.w, slope), optimizer);
      await this.manualStep(optimizer, gradients);
    }
  }
  override configureOptimizers(): Optimizer {
    return sgd({ lr: 1 });
  }
}

const sixBatches = { train: [-1, -1, -1, -1, -1, -1] };
const fit = async (
  callback: Callback,
  logger = new HistoryLogger(),
): Promise<{ model: Twice; logger: HistoryLogger; files: string[] }> => {
  const model = new Twice();
  const trainer = new FilingTrainer({
    ...quiet,
    maxEpochs: 1,
    logEveryNSteps: 3,
    logger,
    callbacks: [callback],
  });
  await trainer.fit(model, sixBatches);
  trainer.dispose();
  return { model, logger, files: trainer.done };
};

test("LearningRateMonitor logs each time that steps pass logEveryNSteps", async () => {
  const { logger } = await fit(new LearningRateMonitor({ loggingInterval: "step" }));
  expect(logger.of("lr-sgd").map(({ step }) => step)).toEqual([4, 6, 10, 12]);
});

test("ModelCheckpoint saves each time that steps pass everyNTrainSteps", async () => {
  const { files } = await fit(new ModelCheckpoint({ everyNTrainSteps: 3, filename: "{step}", saveTopK: -1 }));
  expect(files).toEqual([4, 6, 10, 12].map((step) => `write ./checkpoints/step=${step}.ckpt`));
});

test("WeightAveraging averages each time that steps pass its frequency", async () => {
  const { model } = await fit(new WeightAveraging({ decay: 0.5, frequency: 3 }));
  const wanted = [4, 6, 10, 12].reduce((average, weight) => (average + weight) / 2);
  expect(model.w.dataSync()[0]).toBeCloseTo(wanted, 5);
});

test("LearningRateMonitor logs the step that a short last window of gathered gradients takes", async () => {
  const logger = new HistoryLogger();
  const callbacks = [new LearningRateMonitor({ loggingInterval: "step" })];
  const trainer = new Trainer({
    ...{ ...quiet, maxEpochs: 1, logEveryNSteps: 1, accumulateGradBatches: 4 },
    ...{ logger, callbacks },
  });
  const loader: AsyncIterable<Batch> = makeLoader();
  // A source of unknown length.
  await trainer.fit(makeTiny(TinyModule), {
    train: { [Symbol.asyncIterator]: () => loader[Symbol.asyncIterator]() },
  });
  trainer.dispose();
  expect(logger.of("lr-adam").map(({ step }) => step)).toEqual([1, 2]);
});
