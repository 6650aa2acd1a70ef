import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import {
  encodeCheckpoint,
  loadCheckpoint,
  Trainer,
  type Batch,
  type Callback,
  type Checkpoint,
  type Files,
  type Module,
} from "@fulmine/core";
import { sixAndThree } from "../support/scripted.js";
import { makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

/** A checkpoint made at the end of a short fit, with the weights that it holds. */
async function trained(): Promise<{ checkpoint: Checkpoint; weights: number[][] }> {
  const saved: Checkpoint[] = [];
  const save: Callback = { onTrainEnd: async (trainer) => void saved.push(await trainer.checkpoint()) };
  const model = makeTiny(TinyModule);
  model.hparams.lr = 0.02;
  const trainer = new Trainer({ enableProgressBar: false, maxEpochs: 1, callbacks: [save] });
  await trainer.fit(model, sixAndThree());
  trainer.dispose();
  const [checkpoint] = saved;
  if (checkpoint === undefined) throw new Error("nothing was saved");
  return { checkpoint, weights: weightsOf(model) };
}

test("a checkpoint or its file gives a new module its weights and hyperparameters, and leaves no tensor", async () => {
  const { checkpoint, weights } = await trained();
  const bytes = await encodeCheckpoint(checkpoint);
  const unused = (): never => {
    throw new Error("only reads");
  };
  const files: Files = { read: async () => bytes, write: unused, remove: unused };
  for (const load of [
    (model: Module<{ lr: number }>) => loadCheckpoint(model, checkpoint),
    (model: Module<{ lr: number }>) => loadCheckpoint(model, "best.ckpt", files),
  ]) {
    const model = makeTiny(TinyModule, 8);
    expect(weightsOf(model)).not.toEqual(weights);
    const before = tf.memory().numTensors;
    expect((await load(model)).progress.globalStep).toBe(6);
    expect(weightsOf(model)).toEqual(weights);
    expect(model.hparams.lr).toBe(0.02);
    expect(tf.memory().numTensors).toBe(before);
  }
});

test("what can't be loaded is an error, and changes nothing", async () => {
  const { checkpoint } = await trained();
  const model = makeTiny(TinyModule, 8);
  const before = weightsOf(model);
  const short = { ...checkpoint, variables: checkpoint.variables.slice(1) };
  await expect(loadCheckpoint(model, short)).rejects.toThrow(
    "The module has 8 variables, and the checkpoint 7.",
  );
  await expect(loadCheckpoint(model, "best.ckpt")).rejects.toThrow("pass await decodeCheckpoint(bytes)");
  await expect(loadCheckpoint(model, 3 as unknown as string)).rejects.toThrow("takes the path of a file");
  await expect(loadCheckpoint({} as TinyModule, checkpoint)).rejects.toThrow("takes a Module first");
  expect(weightsOf(model)).toEqual(before);
  expect(model.hparams.lr).toBe(0.01);
});

test("a layer that was frozen since gets its own weights, and not those of another of its shape", async () => {
  class Equal extends TinyModule {
    override readonly net = tf.sequential({
      layers: [1, 2, 3].map(() => tf.layers.dense({ inputShape: [4], units: 4, useBias: false })),
    });
    override trainingStep({ xs }: Batch): tf.Tensor {
      return tf.mean(tf.square(this.net.apply(xs) as tf.Tensor));
    }
  }
  const saved: Checkpoint[] = [];
  const save: Callback = { onTrainEnd: async (trainer) => void saved.push(await trainer.checkpoint()) };
  const model = makeTiny(Equal);
  const trainer = new Trainer({ enableProgressBar: false, maxSteps: 1, callbacks: [save] });
  await trainer.fit(model, { train: sixAndThree().train });
  trainer.dispose();
  const kernels = (): number[][] =>
    model.net.layers.map(({ weights }) => [...(weights[0]?.read().dataSync() ?? [])]);
  const before = kernels();
  const [first] = model.net.layers;
  if (first !== undefined) first.trainable = false;
  for (const checkpoint of saved) await loadCheckpoint(model, checkpoint);
  expect(saved).toHaveLength(1);
  expect(kernels()).toEqual(before);
});

test("a module that is being trained is refused", async () => {
  const { checkpoint } = await trained();
  const attempt: Callback = {
    onTrainStart: async (_, module) => {
      await expect(loadCheckpoint(module, checkpoint)).rejects.toThrow(
        "`loadCheckpoint` can't begin while `fit` of another Trainer uses the same module",
      );
    },
  };
  const trainer = new Trainer({ enableProgressBar: false, maxEpochs: 1, callbacks: [attempt] });
  await trainer.fit(makeTiny(TinyModule), sixAndThree());
});
