import type * as tf from "@tensorflow/tfjs";
import {
  adam,
  EarlyStopping,
  reduceLrOnPlateau,
  Trainer,
  WeightAveraging,
  type Checkpoint,
  type OptimizerConfig,
} from "@fulmine/core";
import { contentsOf } from "./checkpointContents.js";
import { makeLoader, TinyModule } from "./tinyModule.js";

/** A module whose training has every kind of state: schedule, metrics, and the callbacks of {@link trainerTo}. */
export class StatefulTraining extends TinyModule {
  override configureOptimizers(): OptimizerConfig {
    return { optimizer: adam({ lr: 0.01 }), schedule: reduceLrOnPlateau({}), monitor: "train_loss" };
  }
  override trainingStep(...given: Parameters<TinyModule["trainingStep"]>): tf.Tensor {
    const loss = super.trainingStep(...given);
    this.log("train_loss", loss);
    return loss;
  }
}

/** The data of its training. */
export const data = { train: makeLoader({ size: 32 }), val: makeLoader({ size: 16 }) };

/** A Trainer for some epochs. It pushes a checkpoint after each batch to `saved`. */
export const trainerTo = (maxEpochs: number, saved: Checkpoint[] = []): Trainer =>
  new Trainer({
    enableProgressBar: false,
    enableModelSummary: false,
    numSanityValSteps: 0,
    seed: 1,
    maxEpochs,
    callbacks: [
      new EarlyStopping({ monitor: "train_loss", patience: 100 }),
      new WeightAveraging(),
      { onTrainBatchEnd: async (trainer) => void saved.push(await trainer.checkpoint()) },
    ],
  });

/** Trains a module, and returns the checkpoint after the third batch with its decoded contents. */
export async function thirdCheckpoint(model: StatefulTraining): Promise<{
  readonly checkpoint: Checkpoint;
  readonly contents: Awaited<ReturnType<typeof contentsOf>>;
}> {
  const saved: Checkpoint[] = [];
  const trainer = trainerTo(2, saved);
  await trainer.fit(model, data);
  trainer.dispose();
  const [, , checkpoint] = saved;
  if (checkpoint === undefined) throw new Error("no checkpoint");
  return { checkpoint, contents: await contentsOf(checkpoint) };
}
