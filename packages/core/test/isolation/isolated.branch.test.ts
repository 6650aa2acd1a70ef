import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { Trainer, type Batch, type DataSource, type Trial } from "@fulmine/core";
import { makeLoader, makePoints, makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

async function losses(trial: Trial, count: number): Promise<number[]> {
  const taken: number[] = [];
  for (let step = 0; step < count; step++) taken.push(await trial.step());
  return taken;
}

/** Takes 8 steps in a trial, with whatever `disturb` does before them. */
async function trace(data: DataSource<Batch>, disturb: (trial: Trial) => Promise<unknown>): Promise<unknown> {
  const model = makeTiny(TinyModule);
  return new Trainer(quiet).isolated(model, { train: data }, async (trial) => {
    await disturb(trial);
    const taken = await losses(trial, 8);
    return { taken, weights: weightsOf(model), lr: trial.optimizers[0]?.lr };
  });
}

const wild = async (trial: Trial): Promise<number[]> => {
  for (const optimizer of trial.optimizers) optimizer.lr = 30;
  return losses(trial, 9);
};

const sources: [string, () => DataSource<Batch>][] = [
  ["a shuffling loader", () => makeLoader()],
  ["a loader with a generator of its own", () => makeLoader({ seed: 3 })],
  [
    "data that can be read only once",
    () =>
      (function* () {
        const { xs, ys } = makePoints();
        for (let row = 0; row < 96; row += 6) {
          yield {
            xs: tf.tensor2d(xs.values.slice(row * 4, row * 4 + 24), [6, 4]),
            ys: tf.tensor1d(ys.slice(row, row + 6), "int32"),
          };
        }
      })(),
  ],
];

describe.each(sources)("a branch of a trial on %s", (_, makeData) => {
  test("leaves the bits of the trial as they were", async () => {
    const branch = (trial: Trial): Promise<unknown> => trial.branch(wild);
    expect(await trace(makeData(), branch)).toEqual(await trace(makeData(), async () => undefined));
  });

  test("begins where the trial stands, each time the same", async () => {
    const model = makeTiny(TinyModule);
    const [first, second, own] = await new Trainer(quiet).isolated(
      model,
      { train: makeData() },
      async (trial) => [
        await trial.branch((nested) => losses(nested, 5)),
        await trial.branch((nested) => losses(nested, 5)),
        await losses(trial, 5),
      ],
    );
    expect(second).toEqual(first);
    expect(own).toEqual(first);
  });
});

test.each(sources.slice(0, 2))(
  "a branch with a seed on %s sees batches and dropout of its own",
  async (_, makeData) => {
    const run = async (trial: Trial): Promise<unknown> => {
      const seeded = (seed: number): Promise<number[]> =>
        trial.branch((nested) => losses(nested, 7), { seed });
      const [first, again, other] = [await seeded(5), await seeded(5), await seeded(6)];
      expect(again).toEqual(first);
      expect(other).not.toEqual(first);
      expect(await trial.branch((nested) => losses(nested, 7))).not.toEqual(first);
      return first;
    };
    expect(await trace(makeData(), run)).toEqual(await trace(makeData(), async () => undefined));
  },
);

test("a branch that throws leaves everything as it was, and no tensor", async () => {
  const before = await trace(makeLoader(), async () => undefined);
  const tensors = tf.memory().numTensors;
  const model = makeTiny(TinyModule);
  const made = tf.memory().numTensors - tensors;
  await new Trainer(quiet).isolated(model, { train: makeLoader() }, async (trial) => {
    const failing = trial.branch(async (nested) => {
      await wild(nested);
      throw new Error("enough");
    });
    await expect(failing).rejects.toThrow("enough");
    expect(await losses(trial, 8)).toEqual((before as { taken: number[] }).taken);
  });
  expect(tf.memory().numTensors - tensors).toBe(made);
});

test("branches can be nested, and leave the trial's counters and metrics alone", async () => {
  const trainer = new Trainer(quiet);
  await trainer.isolated(makeTiny(TinyModule), { train: makeLoader() }, async (trial) => {
    await losses(trial, 2);
    const store = trainer.metrics;
    await trial.branch(async (nested) => {
      await losses(nested, 3);
      await nested.branch(wild);
      expect(trainer.globalStep).toBe(5);
    });
    expect(trainer.globalStep).toBe(2);
    expect(trainer.metrics).toBe(store);
  });
});

// On native each handle of the same memory counts.
test.skipIf(tf.getBackend() === "tensorflow")(
  "a trial copies no weights, even where `clone` does",
  async () => {
    const model = makeTiny(TinyModule);
    const buffers = (): number => tf.memory().numDataBuffers;
    const before = buffers();
    await new Trainer(quiet).isolated(model, { train: makeLoader() }, async () => {
      expect(buffers()).toBe(before);
    });
    expect(buffers()).toBe(before);
  },
);
