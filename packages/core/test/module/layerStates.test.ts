import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  DataLoader,
  Module,
  seeded,
  Trainer,
  type Batch,
  type Checkpoint,
  type OptimizerConfig,
} from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { weightsOf } from "../support/tinyModule.js";

const Finding = withLrFinder(Trainer);
const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 2 } as const;
const { layers } = tf;
const carried = { stateful: true, batchInputShape: [4, 3, 2] };

const nets: Record<string, () => tf.Sequential> = {
  "an LSTM": () =>
    tf.sequential({ layers: [layers.lstm({ units: 3, ...carried }), layers.dense({ units: 1 })] }),
  "two GRUs": () =>
    tf.sequential({
      layers: [
        layers.gru({ units: 3, returnSequences: true, ...carried }),
        layers.gru({ units: 2, stateful: true }),
        layers.dense({ units: 1 }),
      ],
    }),
  "a model in a model": () =>
    tf.sequential({
      layers: [
        tf.sequential({ layers: [layers.simpleRNN({ units: 3, ...carried })] }),
        layers.dense({ units: 1 }),
      ],
    }),
};

/** Keeps its states from batch to batch, over epochs too. */
class Recurrent extends Module {
  constructor(readonly net: tf.Sequential) {
    super();
  }

  trainingStep({ xs, ys }: Batch): tf.Tensor {
    return tf.losses.meanSquaredError(ys, this.net.apply(xs, { training: true }) as tf.Tensor);
  }

  override validationStep({ xs, ys }: Batch): tf.Tensor {
    return tf.losses.meanSquaredError(ys, this.net.apply(xs) as tf.Tensor);
  }

  configureOptimizers(): OptimizerConfig {
    return adam({ lr: 0.05 });
  }
}

const loader = (): DataLoader =>
  new DataLoader(
    {
      xs: { values: Float32Array.from({ length: 96 }, (_, at) => Math.sin(at)), shape: [16, 3, 2] },
      ys: { values: Float32Array.from({ length: 16 }, (_, at) => Math.cos(at)), shape: [16, 1] },
    },
    { batchSize: 4 },
  );

describe.each(Object.entries(nets))("the states of %s", (_, make) => {
  const fresh = (): Recurrent => seeded(5, () => new Recurrent(make()));

  test("are as they were after a search, and nothing of it is left", async () => {
    const run = async (searches: boolean): Promise<number[][]> => {
      const model = fresh();
      const data = { train: loader(), val: loader() };
      const trainer = new Finding({ ...quiet, maxEpochs: 1 });
      await trainer.fit(model, data);
      const before = tf.memory().numTensors;
      if (searches) await trainer.findLr(model, data, { numTraining: 9, refine: 36 });
      expect(tf.memory().numTensors).toBe(before);
      await trainer.fit(model, data);
      return weightsOf(model);
    };
    expect(await run(true)).toEqual(await run(false));
  });

  test("are saved, so that a resumed run is the one that was not interrupted", async () => {
    const saved: Checkpoint[] = [];
    const whole = fresh();
    const saver = {
      onTrainEpochEnd: async (trainer: Trainer) => void saved.push(await trainer.checkpoint()),
    };
    await new Trainer({ ...quiet, callbacks: [saver] }).fit(whole, { train: loader() });
    const resumed = fresh();
    const [checkpoint] = saved as [Checkpoint, ...Checkpoint[]];
    await new Trainer(quiet).fit(resumed, { train: loader() }, { checkpoint });
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
  });
});

test("held-out batches that are tried before training leave no state", async () => {
  const run = async (numSanityValSteps: number): Promise<number[][]> => {
    const model = seeded(5, () => new Recurrent((nets["two GRUs"] as () => tf.Sequential)()));
    const data = { train: loader(), val: loader() };
    await new Trainer({ ...quiet, maxEpochs: 1, numSanityValSteps }).fit(model, data);
    return weightsOf(model);
  };
  expect(await run(2)).toEqual(await run(0));
});

test("a checkpoint without a layer's states is refused, and nothing is changed", async () => {
  const saved: Checkpoint[] = [];
  const saver = { onTrainEnd: async (trainer: Trainer) => void saved.push(await trainer.checkpoint()) };
  const model = seeded(5, () => new Recurrent((nets["an LSTM"] as () => tf.Sequential)()));
  await new Trainer({ ...quiet, callbacks: [saver] }).fit(model, { train: loader() });
  const before = weightsOf(model);
  const [whole] = saved as [Checkpoint];
  const cut = { ...whole, variables: whole.variables.slice(0, -2) };
  await expect(new Trainer(quiet).fit(model, { train: loader() }, { checkpoint: cut })).rejects.toThrow(
    "The module has 7 variables, and the checkpoint 5.",
  );
  expect(weightsOf(model)).toEqual(before);
});
