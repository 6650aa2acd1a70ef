import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as tf from "@tensorflow/tfjs";
import { adam, DataLoader, Module, seeded, stepLr, Trainer, type Batch } from "@fulmine/core";
import { type Platform } from "@fulmine/core/plugin";
import { nodeFiles } from "@fulmine/core/node";

/** The steps of a whole run. */
export const STEPS = 150;

/** A small net of plain variables, with dropout. */
class Net extends Module {
  readonly hidden = tf.variable<tf.Rank.R2>(tf.randomNormal([4, 1024], 0, 0.5));
  readonly out = tf.variable<tf.Rank.R2>(tf.randomNormal([1024, 3], 0, 0.1));
  trainingStep({ xs, ys }: Batch): tf.Tensor {
    const hidden = tf.dropout(tf.relu(tf.matMul(xs as tf.Tensor2D, this.hidden)), 0.3);
    const logits = tf.matMul(hidden, this.out);
    return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.cast(ys, "int32"), 3), logits);
  }
  configureOptimizers() {
    return {
      optimizer: adam({ lr: 1e-2 }),
      schedule: stepLr({ stepSize: 50, gamma: 0.9 }),
      interval: "step",
    } as const;
  }
}

class FileTrainer extends Trainer {
  protected override readonly platform: Platform = {
    ...{ files: nodeFiles, onInterrupt: () => () => undefined },
    display: {
      ...{ info: () => undefined, warn: () => undefined },
      progress: () => ({ update: () => undefined, stop: () => undefined }),
    },
  };
}

/**
 * Trains to the end, from a file when it is there, and saves to it several times after every step.
 *
 * @param onSave - Called when a save has ended.
 * @returns A hash of all weights.
 */
export async function trainOn(path: string | null, onSave: () => void = () => undefined): Promise<string> {
  await tf.setBackend("cpu");
  const model = seeded(7, () => new Net());
  const ys = Int32Array.from({ length: 96 }, (_, row) => row % 3);
  const values = Float32Array.from(
    { length: 96 * 4 },
    (_, at) => Math.sin(at * 12.9898) + (Math.floor(at / 4) % 3),
  );
  const train = new DataLoader({ xs: { values, shape: [96, 4] }, ys }, { batchSize: 16, shuffle: true });
  const save = async (trainer: Trainer): Promise<void> => {
    if (path === null) return;
    // Saving again and again makes it likely that a kill falls into a save.
    for (let saves = 0; saves < 6; saves++) {
      await trainer.saveCheckpoint(path);
      onSave();
    }
  };
  const trainer = new FileTrainer({ maxSteps: STEPS, seed: 1, callbacks: [{ onTrainBatchEnd: save }] });
  const checkpoint = path !== null && existsSync(path) ? { checkpoint: path } : {};
  await trainer.fit(model, { train }, checkpoint);
  const hash = createHash("sha256");
  for (const variable of [model.hidden, model.out]) hash.update(variable.dataSync());
  return hash.digest("hex");
}

// As a program it waits to be told to begin, says when it has saved for the first time, and its weights' hash at the end.
const [, program, path] = process.argv;
if (program === import.meta.filename && path !== undefined) {
  await once(process.stdin, "data");
  process.stdin.destroy();
  let isFirst = true;
  const weights = await trainOn(path, () => {
    if (isFirst) process.stdout.write("SAVED\n");
    isFirst = false;
  });
  process.stdout.write(`${weights}\n`);
}
