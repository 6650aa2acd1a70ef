import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { DataLoader, SampleLoader, Trainer, type TrainerOptions } from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { makeLoader, makePoints, makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

const Finding = withLrFinder(Trainer);
const quiet = { enableProgressBar: false, maxEpochs: 2 } as const;

/** Scores held-out data in an order that chance decides, after which dropout draws on. */
interface Data {
  readonly train: DataLoader;
  readonly val: DataLoader;
}

const makeData = (seed?: number): Data => ({
  train: new DataLoader(makePoints(), {
    ...{ batchSize: 16, shuffle: true, ...(seed === undefined ? {} : { seed }) },
    transform: ({ xs, ys }, chance) => ({ xs: tf.tidy(() => tf.add(xs, chance.float() / 10)), ys }),
  }),
  val: makeLoader({ size: 48 }),
});

async function run(
  data: Data,
  options: TrainerOptions = {},
  trainer = new Finding({ ...quiet, seed: 1, ...options }),
): Promise<unknown> {
  const model = makeTiny(TinyModule);
  const { metrics } = await trainer.fit(model, data);
  return { metrics, weights: weightsOf(model) };
}

/** What may have been done in the process with the data, or a Trainer, before a run. */
const pasts: [string, (data: Data, trainer: InstanceType<typeof Finding>) => Promise<unknown>][] = [
  ["a run of another seed", (data) => run(data, { seed: 9 })],
  ["an unseeded run", (data) => new Trainer(quiet).fit(makeTiny(TinyModule), data)],
  ["a run that broke off", (data) => run(data, { maxSteps: 3 })],
  ["a run of the same Trainer", (data, trainer) => run(data, {}, trainer)],
  ["a pass over held-out data", (data, trainer) => trainer.validate(makeTiny(TinyModule), data.train)],
  ["a search", (data) => new Finding(quiet).findLr(makeTiny(TinyModule), data, { numTraining: 9 })],
  [
    "a search of the same Trainer",
    (data, trainer) => trainer.findLr(makeTiny(TinyModule), data, { numTraining: 9, seed: 4 }),
  ],
  [
    "an iteration over the loaders",
    async ({ train, val }) => {
      for (const loader of [train, val]) for await (const { xs, ys } of loader) tf.dispose([xs, ys]);
    },
  ],
];

describe.each([undefined, 3])("with a loader whose seed is %s, a run repeats bit for bit", (seed) => {
  test.each(pasts)("after %s", async (_, past) => {
    const data = makeData(seed);
    const trainer = new Finding({ ...quiet, seed: 1 });
    await past(data, trainer);
    expect(await run(data, {}, trainer)).toEqual(await run(makeData(seed)));
  });

  test.each(pasts)("and so does a search after %s", async (_, past) => {
    const search = async (data: Data, trainer: InstanceType<typeof Finding>): Promise<unknown> =>
      (await trainer.findLr(makeTiny(TinyModule), data, { numTraining: 9, refine: 36 })).results;
    const data = makeData(seed);
    const trainer = new Finding({ ...quiet, seed: 1 });
    await past(data, trainer);
    const { loss } = (await search(data, trainer)) as { loss: unknown };
    expect(loss).toEqual(
      ((await search(makeData(seed), new Finding({ ...quiet, seed: 1 }))) as { loss: unknown }).loss,
    );
  });
});

test("an iteration over a loader with a seed, in the middle of a fit, leaves the fit's order as it is", async () => {
  const train = async (looks: boolean): Promise<number[][]> => {
    const [model, loader] = [makeTiny(TinyModule), makeLoader({ seed: 3 })];
    const look = {
      async onTrainEpochStart() {
        if (looks) for await (const { xs, ys } of loader) tf.dispose([xs, ys]);
      },
    };
    await new Trainer({ ...quiet, seed: 1, callbacks: [look] }).fit(model, { train: loader });
    return weightsOf(model);
  };
  expect(await train(true)).toEqual(await train(false));
});

test("a loader's own seed decides its order, whatever the Trainer's", async () => {
  const order = async (seed: number): Promise<number[]> => {
    const seen: number[] = [];
    const samples = { length: 8, get: async (index: number) => index };
    const collate = (indexes: readonly number[]) => {
      seen.push(...indexes);
      return { xs: tf.ones([indexes.length, 4]), ys: tf.zeros([indexes.length]) };
    };
    const train = new SampleLoader(samples, { batchSize: 4, shuffle: true, seed: 3, collate });
    await new Trainer({ ...quiet, seed }).fit(makeTiny(TinyModule), { train });
    return seen;
  };
  const first = await order(1);
  expect(first.slice(0, 8)).not.toEqual(first.slice(8));
  expect(await order(2)).toEqual(first);
});

test("runs without a seed go on drawing", async () => {
  const trainer = new Trainer(quiet);
  const weights = async (): Promise<number[][]> => {
    const model = makeTiny(TinyModule);
    await trainer.fit(model, makeData());
    return weightsOf(model);
  };
  expect(await weights()).not.toEqual(await weights());
});
