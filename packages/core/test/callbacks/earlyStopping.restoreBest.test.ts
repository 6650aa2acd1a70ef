import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  EarlyStopping,
  Trainer,
  WeightAveraging,
  type Callback,
  type Checkpoint,
  type TrainerOptions,
} from "@fulmine/core";
import { scripted, sixAndThree, type Scripted } from "../support/scripted.js";
import { weightsOf } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 6, numSanityValSteps: 0 } as const;
const make = (patience = 2): EarlyStopping =>
  new EarlyStopping({ monitor: "score", patience, restoreBest: true });

/** Fits with scores by epochs; returns the weights by epochs, the checkpoints of epochs and of the end, and the module. */
async function fitted(
  scores: readonly number[],
  { options = {}, from }: { options?: TrainerOptions; from?: Checkpoint | undefined } = {},
) {
  const weights: number[][][] = [];
  const saved: Checkpoint[] = [];
  const save = async (trainer: Trainer): Promise<void> => void saved.push(await trainer.checkpoint());
  const record: Callback = {
    role: "checkpoint",
    async onTrainEpochEnd(trainer, module) {
      weights.push(weightsOf(module as Scripted));
      await save(trainer as Trainer);
    },
    onTrainEnd: (trainer) => save(trainer as Trainer),
  };
  const stopping = make();
  const trainer = new Trainer({ ...quiet, callbacks: [stopping, record], ...options });
  const model = scripted(scores);
  const result = await trainer.fit(model, sixAndThree(), from === undefined ? {} : { checkpoint: from });
  trainer.dispose();
  return { weights, saved, model, stopping, result };
}

const valuesOf = ({ variables }: Checkpoint): number[][] => variables.map(({ value }) => [...value.values]);

describe("with restoreBest the module has the weights of its best check", () => {
  test("when early stopping ended training, and no tensor is left", async () => {
    const before = tf.memory().numTensors;
    const { model, weights, result, stopping } = await fitted([3, 1, 2, 2]);
    expect(result).toMatchObject({ status: "stopped", epochs: 4 });
    expect(stopping.restoredEpoch).toBe(1);
    expect(weightsOf(model)).toEqual(weights[1]);
    expect(tf.memory().numTensors).toBe(before + model.net.weights.length);
  });

  test("when training ended by its limit, and keeps its own when they are the best", async () => {
    const limited = await fitted([1, 2], { options: { maxEpochs: 2 } });
    expect(limited.result.status).toBe("finished");
    expect(weightsOf(limited.model)).toEqual(limited.weights[0]);
    const best = await fitted([2, 1], { options: { maxEpochs: 2 } });
    expect(best.stopping.restoredEpoch).toBeNull();
    expect(weightsOf(best.model)).toEqual(best.weights[1]);
  });

  test("when it was interrupted, but not after an error", async () => {
    const controller = new AbortController();
    const ended = async (end: () => void) => {
      const weights: number[][][] = [];
      const act: Callback = {
        onTrainBatchEnd(trainer, module) {
          if (trainer.globalStep === 13) end();
          weights.push(weightsOf(module as Scripted));
        },
      };
      const model = scripted([1, 2, 3]);
      const trainer = new Trainer({ ...quiet, callbacks: [act, make()], signal: controller.signal });
      const outcome = await trainer.fit(model, sixAndThree()).catch((error: unknown) => error);
      return { outcome, weights, end: weightsOf(model) };
    };
    const failed = await ended(() => {
      throw new Error("broken hook");
    });
    expect(failed.outcome).toMatchObject({ message: "broken hook" });
    expect(failed.end).not.toEqual(failed.weights[5]);
    const interrupted = await ended(() => controller.abort());
    expect(interrupted.outcome).toMatchObject({ status: "interrupted" });
    expect(interrupted.end).toEqual(interrupted.weights[5]);
  });

  test("even of one that only stoppingThreshold or minDelta does not count as the best", async () => {
    const stopping = new EarlyStopping({ monitor: "score", restoreBest: true, patience: 2, minDelta: 0.5 });
    const model = scripted([5, 4.8, 6]);
    await new Trainer({ ...quiet, callbacks: [stopping] }).fit(model, sixAndThree());
    expect([stopping.bestScore, stopping.restoredEpoch]).toEqual([5, 1]);
  });
});

describe("a checkpoint", () => {
  test("holds the weights of the last step, also after the best were restored, so a resumed fit is the same", async () => {
    const whole = await fitted([3, 1, 2, 0.5, 2, 2]);
    const { weights, saved } = await fitted([3, 1, 2], { options: { maxEpochs: 3 } });
    const end = saved.at(-1);
    expect(end && valuesOf(end)).toEqual(weights[2]);
    const resumed = await fitted([3, 1, 2, 0.5, 2, 2], { from: end });
    expect(resumed.weights).toEqual(whole.weights.slice(3));
    expect(weightsOf(resumed.model)).toEqual(whole.weights[3]);
  });

  test("brings the best weights to a resumed fit that finds no better ones", async () => {
    const { weights, saved } = await fitted([3, 1, 2], { options: { maxEpochs: 3 } });
    const before = tf.memory().numTensors;
    const { model, stopping } = await fitted([3, 1, 2, 4], { from: saved[2] });
    expect(stopping.restoredEpoch).toBe(1);
    expect(weightsOf(model)).toEqual(weights[1]);
    expect(tf.memory().numTensors).toBe(before + model.net.weights.length);
  });

  test("that has none is said to, and one of another module is refused", async () => {
    const { saved } = await fitted([1], { options: { maxEpochs: 1 } });
    const [checkpoint] = saved;
    if (checkpoint === undefined) throw new Error("nothing was saved");
    const key = "EarlyStopping score min";
    const best = checkpoint.extra[key] as { readonly values: readonly Float32Array[] };
    const wrong = { ...best, values: best.values.slice(1) };
    const from = { ...checkpoint, extra: { [key]: wrong } };
    await expect(fitted([1], { from })).rejects.toThrow("belong to another module");
    const without = await fitted([1, 2], { from: { ...checkpoint, extra: {} }, options: { maxEpochs: 2 } });
    expect(without.stopping.restoredEpoch).toBeNull();
  });
});

test("a checkpoint from before the first check is not said to lack best weights", async () => {
  const saved: Checkpoint[] = [];
  const said: string[] = [];
  class Listening extends Trainer {
    override get display(): Trainer["display"] {
      return { ...super.display, warn: (text) => void said.push(text) };
    }
  }
  const save: Callback = {
    onTrainBatchEnd: async (trainer) => void saved.push(await (trainer as Trainer).checkpoint()),
  };
  await new Trainer({ ...quiet, maxSteps: 2, callbacks: [make(), save] }).fit(scripted([1]), sixAndThree());
  const [checkpoint] = saved;
  if (checkpoint === undefined) throw new Error("nothing was saved");
  const stopping = make();
  const trainer = new Listening({ ...quiet, maxEpochs: 2, callbacks: [stopping] });
  await trainer.fit(scripted([1, 2]), sixAndThree(), { checkpoint });
  expect([said, stopping.restoredEpoch]).toEqual([[], 0]);
});

test.each([
  ["restoreBest", make],
  ["WeightAveraging", () => new WeightAveraging({ decay: 0.5 })],
])(
  "with %s a layer that is thawed during a fit does not mix up the weights of a checkpoint",
  async (_, replacing) => {
    const saved: Checkpoint[] = [];
    const save = async (trainer: unknown): Promise<void> =>
      void saved.push(await (trainer as Trainer).checkpoint());
    const thaw: Callback = {
      role: "checkpoint",
      onTrainStart: (_trainer, module) => {
        for (const layer of (module as Scripted).net.layers) layer.trainable = true;
      },
      onTrainEpochEnd: save,
      onTrainEnd: save,
    };
    const model = scripted([1, 2]);
    const [frozen] = model.net.layers;
    if (frozen !== undefined) frozen.trainable = false;
    const before = [...(frozen?.weights[0]?.read().dataSync() ?? [])];
    const trainer = new Trainer({ ...quiet, maxEpochs: 2, callbacks: [replacing(), thaw] });
    await trainer.fit(model, sixAndThree());
    const name = frozen?.weights[0]?.originalName;
    const kept = saved.map(({ variables }) => [
      ...(variables.find((each) => each.name === name)?.value.values ?? []),
    ]);
    const near = before.map((value) => expect.closeTo(value, 5) as number);
    expect(kept).toEqual([near, near, near]);
  },
);

test("restoreBest and WeightAveraging are refused together before the first step", async () => {
  const trainer = new Trainer({ ...quiet, callbacks: [new WeightAveraging(), make()] });
  await expect(trainer.fit(scripted([1]), sixAndThree())).rejects.toThrow(
    /Two `callbacks` replace the module's weights when training ends\. .*EarlyStopping/,
  );
  expect(trainer.globalStep).toBe(0);
});
