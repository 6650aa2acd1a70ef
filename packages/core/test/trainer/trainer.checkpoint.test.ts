import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  ModelCheckpoint,
  seeded,
  WeightAveraging,
  type Batch,
  type Callback,
  type Checkpoint,
  type TrainerOptions,
} from "@fulmine/core";
import { FilingTrainer } from "../support/filingTrainer.js";
import { Scripted, sixAndThree } from "../support/scripted.js";
import { weightsOf } from "../support/tinyModule.js";

/** A module that can also be tested and asked for predictions, and that reads what it saved of its own. */
class Whole extends Scripted {
  notes: unknown[] = [];
  override testStep(batch: Batch): tf.Tensor {
    return this.validationStep(batch);
  }
  override predictStep({ xs }: Batch): tf.Tensor {
    return this.net.predict(xs) as tf.Tensor;
  }
  override onSaveCheckpoint({ extra }: Checkpoint): void {
    extra["note"] = this.trainer?.currentEpoch;
  }
  override onLoadCheckpoint({ extra }: Checkpoint): void {
    this.notes.push(extra["note"]);
  }
}

/** Makes a module that is equal each time; the score of its second epoch is the best. */
const whole = (): Whole => seeded(7, () => Object.assign(new Whole({ lr: 1e-2 }), { scores: [3, 1, 2] }));

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 3 } as const;

/** Fits a module, and returns its weights by epochs. */
async function fitted(callbacks: Callback[], options: TrainerOptions = {}) {
  const weights: number[][][] = [];
  const record: Callback = { onTrainEpochEnd: (_, module) => void weights.push(weightsOf(module as Whole)) };
  const trainer = new FilingTrainer({ ...quiet, ...options, callbacks: [record, ...callbacks] });
  const model = whole();
  const result = await trainer.fit(model, sixAndThree());
  return { trainer, model, result, weights };
}

describe("after a fit", () => {
  test("its result names the best checkpoint; runs load it, the last one or a file, and the module keeps it", async () => {
    const saver = new ModelCheckpoint({ monitor: "score", saveLast: true, filename: "{epoch}" });
    const { trainer, model, result, weights } = await fitted([saver]);
    const path = "./checkpoints/epoch=1.ckpt";
    expect(result.bestCheckpoint).toEqual({ path, score: 1, monitor: "score", epoch: 1 });
    expect(saver.lastCheckpoint).toEqual({ path: "./checkpoints/last.ckpt", step: 18 });
    const { val } = sixAndThree();
    const before = tf.memory().numTensors;
    model.hparams.lr = 0.5;

    const best = await trainer.validate(model, val, { checkpoint: "best" });
    expect(weightsOf(model)).toEqual(weights[1]);
    expect(await trainer.validate(model, val)).toEqual(best);
    await trainer.test(model, val, { checkpoint: "last" });
    expect(weightsOf(model)).toEqual(weights[2]);
    tf.dispose(await trainer.predict(model, val, { checkpoint: path }));
    expect(weightsOf(model)).toEqual(weights[1]);
    expect(model.notes).toEqual([1, 2, 1]);
    expect(model.hparams.lr).toBe(0.5);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("the best checkpoint of averaged weights scores as it was scored", async () => {
    const saver = new ModelCheckpoint({ monitor: "val_loss" });
    const averaging = new WeightAveraging({ decay: 0.9 });
    const { trainer, model, result } = await fitted([saver, averaging]);
    const { val_loss } = await trainer.validate(model, sixAndThree().val, { checkpoint: "best" });
    expect(val_loss).toBe(result.bestCheckpoint?.score);
  });

  test("a resumed fit still knows the epoch of the best checkpoint of all", async () => {
    const saver = new ModelCheckpoint({ monitor: "score", saveLast: true });
    const { trainer } = await fitted([saver], { maxEpochs: 3 });
    const longer = new FilingTrainer({ ...quiet, maxEpochs: 4, callbacks: [saver] });
    for (const [path, file] of trainer.stored) longer.stored.set(path, file);
    const model = Object.assign(whole(), { scores: [9, 9, 9, 5] });
    const { bestCheckpoint, steps } = await longer.fit(model, sixAndThree(), {
      checkpoint: "./checkpoints/last.ckpt",
    });
    expect(steps).toBe(24);
    expect(bestCheckpoint).toMatchObject({ score: 1, epoch: 1 });
    const { status } = await longer.fit(model, sixAndThree(), { checkpoint: "last" });
    expect(status).toBe("finished");
    expect(longer.globalStep).toBe(24);
  });
});

describe("a checkpoint that can't be chosen is an error", () => {
  test("when nothing monitors a metric, when several do, and when nothing was saved", async () => {
    const val = sixAndThree().val;
    const latest = await fitted([new ModelCheckpoint()], { maxEpochs: 1 });
    expect(latest.result.bestCheckpoint).toBeNull();
    await expect(latest.trainer.validate(latest.model, val, { checkpoint: "best" })).rejects.toThrow(
      "This Trainer has saved no best checkpoint. Fit first with a ModelCheckpoint that has `monitor`",
    );
    const two = await fitted(
      ["score", "val_loss"].map((monitor) => new ModelCheckpoint({ monitor })),
      { maxEpochs: 1 },
    );
    await expect(two.trainer.test(two.model, val, { checkpoint: "best" })).rejects.toThrow(
      "Several callbacks have a best checkpoint",
    );
    await expect(two.trainer.test(two.model, val, { checkpoint: "last" })).rejects.toThrow(
      "`saveLast: true`",
    );
    const dev = await fitted([new ModelCheckpoint({ monitor: "score" })], { fastDevRun: true });
    expect(dev.result.bestCheckpoint).toBeNull();
    await expect(dev.trainer.predict(dev.model, val, { checkpoint: "best" })).rejects.toThrow(
      "With `fastDevRun`",
    );
  });

  test("when it is no file, or of another module; then the weights stay", async () => {
    const trainer = new FilingTrainer(quiet);
    const model = whole();
    const before = weightsOf(model);
    const { val } = sixAndThree();
    const reject = (checkpoint: string | Checkpoint, message: string): Promise<void> =>
      expect(trainer.validate(model, val, { checkpoint })).rejects.toThrow(message);
    await reject("nowhere.ckpt", "The checkpoint file can't be read: no nowhere.ckpt.");
    await reject(3 as unknown as string, '`checkpoint` of `validate` must be "best", "last", the path');
    const saved: Checkpoint[] = [];
    const save: Callback = { onTrainEnd: async (of) => void saved.push(await of.checkpoint()) };
    const other = new FilingTrainer({ ...quiet, maxEpochs: 1, callbacks: [save] });
    await other.fit(whole(), sixAndThree());
    const [checkpoint] = saved;
    if (checkpoint === undefined) throw new Error("nothing was saved");
    await reject({ ...checkpoint, variables: checkpoint.variables.slice(1) }, "and the checkpoint 7.");
    expect(weightsOf(model)).toEqual(before);
  });
});
