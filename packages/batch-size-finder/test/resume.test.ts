import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import type { Callback, Checkpoint } from "@fulmine/core";
import { makeLoader, Net, OwnData, quiet, SizingTrainer, weightsOf } from "./support/net.js";

beforeAll(() => tf.ready());

test.each([
  ["within an epoch, with a loader", () => new Net(), 3, true],
  ["at the end of an epoch, with a loader", () => new Net(), 12, true],
  ["within an epoch, with the module's dataloader", () => new OwnData(), 3, false],
  ["at the end of an epoch, with the module's dataloader", () => new OwnData(), 12, false],
] as const)("a fit resumed %s keeps the checkpoint's batch size", async (_, makeModel, step, isGiven) => {
  // The first fit has batches of 50, as if a search had found that.
  const first = makeModel();
  const checkpoints: Checkpoint[] = [];
  const keep: Callback = {
    async onTrainBatchEnd(trainer) {
      if (trainer.globalStep === step) checkpoints.push(await trainer.checkpoint());
    },
  };
  first.hparams.batchSize = 50;
  const dataOf = (batchSize: number) => (isGiven ? { train: makeLoader(batchSize) } : undefined);
  await new SizingTrainer({ ...quiet, maxEpochs: 2, callbacks: [keep] }).fit(first, dataOf(50));
  const [checkpoint] = checkpoints;
  if (checkpoint === undefined) throw new Error("There is no checkpoint.");
  const [second, trainer] = [makeModel(), new SizingTrainer({ ...quiet, maxEpochs: 2, autoBatchSize: true })];
  const { steps } = await trainer.fit(second, dataOf(20), { checkpoint });
  expect([trainer.batchSizeFinder, steps, second.hparams.batchSize]).toEqual([null, 24, 50]);
  expect(weightsOf(second)).toEqual(weightsOf(first));
  expect(trainer.resumedFrom).toBeNull();
});
