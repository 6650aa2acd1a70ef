import * as tf from "@tensorflow/tfjs";
import { describe, expect, test, vi } from "vitest";
import { DataLoader, FulmineError, RandomState, type DataLoaderOptions } from "@fulmine/core";
import type { LoaderState } from "../../../src/data/sources/batchSource.js";
import { readBatches as read } from "../../support/readBatches.js";

const SIZE = 20;
const xs = Float32Array.from({ length: SIZE }, (_, row) => row);
const random = (): RandomState => new RandomState(5);

type Named = Readonly<Record<"xs", tf.Tensor>>;
type Options = DataLoaderOptions<Named>;
const makeLoader = (options: Options = {}): DataLoader<"xs"> =>
  new DataLoader<"xs">({ xs }, { batchSize: 3, seed: 1, ...options });

const gap = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** A transform with in-between tensors, a draw of tfjs's and one of its own. */
const noisy = (batch: Named, chance: RandomState): Named => ({
  xs: tf.add(tf.mul(batch.xs, 2), tf.add(tf.randomUniform(batch.xs.shape), chance.float())),
});
const noisyLater = async (batch: Named, chance: RandomState): Promise<Named> => {
  await gap();
  return { xs: tf.tidy(() => tf.add(tf.mul(batch.xs, 2), chance.float())) };
};

const kinds: [string, Options][] = [
  ["in order", {}],
  ["shuffled", { shuffle: true }],
  ["weighted", { weights: xs, numSamples: 31 }],
  ["sampled", { sampler: (size, chance, count) => Array.from({ length: count }, () => chance.int(size)) }],
  ["transformed", { transform: noisy }],
  ["shuffled and transformed", { shuffle: true, transform: noisy }],
  ["transformed async", { shuffle: true, dropLast: true, transform: noisyLater }],
];

describe.each(kinds)("a loader, %s", (_, options) => {
  test.each([1, 3, 100])("gives the same batches with %i read ahead, and leaks nothing", async (prefetch) => {
    const expected = await read(makeLoader(options).open(random()));
    const before = tf.memory().numTensors;
    const loader = makeLoader({ ...options, prefetch });
    expect(await read(loader.open(random()))).toEqual(expected);
    const reader = loader.open(random());
    await read(reader, 2);
    await vi.waitFor(() => expect(tf.memory().numTensors).toBeGreaterThan(before));
    await reader.close();
    await gap();
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([0, 1, 4, 7])("goes on at batch %i of a later pass as if never stopped", async (from) => {
    for (const seed of [{}, { seed: undefined }] as { seed?: number }[]) {
      const make = (): DataLoader<"xs"> =>
        new DataLoader<"xs">({ xs }, { batchSize: 3, seed: 1, ...options, ...seed });
      const live = make();
      const trainer = random();
      await read(live.open(trainer));
      const pass = live.open(trainer);
      await read(pass, from);
      const state = JSON.parse(JSON.stringify(live.stateDict())) as LoaderState;
      const [rest, following] = [await read(pass), await read(live.open(trainer))];

      const resumed = make();
      resumed.loadStateDict(state);
      expect(await read(resumed.open(trainer, { from }))).toEqual(rest);
      expect(await read(resumed.open(trainer))).toEqual(following);
      expect(resumed.stateDict()).toEqual(live.stateDict());
    }
  });

  test("begins the next pass after a state that was taken between two", async () => {
    const live = makeLoader(options);
    await read(live.open(random()));
    const resumed = makeLoader(options);
    resumed.loadStateDict(live.stateDict());
    expect(await read(resumed.open(random()))).toEqual(await read(live.open(random())));
  });

  test("is put back to where it stood", async () => {
    const [loader, expected] = [makeLoader(options), makeLoader(options)];
    await read(loader.open(random()));
    await read(expected.open(random()));
    const end = loader.isolate();
    await read(loader.open(random()), 2);
    end();
    expect(loader.stateDict()).toEqual(expected.stateDict());
    expect(await read(loader.open(random()))).toEqual(await read(expected.open(random())));
  });
});

describe("what a loader gives", () => {
  test("weights are chances: those of 0 never come, others in proportion", async () => {
    const weights = [0, 1, 3, 0, ...new Array<number>(SIZE - 4).fill(0)];
    const loader = makeLoader({ weights, numSamples: 4000, batchSize: 4000 });
    expect(loader.length).toBe(1);
    const [drawn = []] = await read(loader.open(random()));
    const count = (row: number): number => drawn.filter((value) => value === row).length;
    expect(count(1) + count(2)).toBe(4000);
    expect(count(2) / 4000).toBeCloseTo(0.75, 1);
  });

  test("a transform keeps what it passes on, and may change the batch's kind", async () => {
    const before = tf.memory().numTensors;
    const loader = new DataLoader(
      { xs, ys: xs },
      {
        batchSize: 10,
        transform: (batch) => ({ ...batch, mask: tf.greater(batch.xs, 3), count: 1 }),
      },
    );
    const reader = loader.open(random());
    const batch = await reader.next();
    expect(batch?.value.count).toBe(1);
    expect(batch?.value.mask.shape).toEqual([10]);
    expect(tf.memory().numTensors).toBe(before + 3);
    batch?.release();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("a transform that throws, or gives a promise without being async, leaks nothing", async () => {
    const before = tf.memory().numTensors;
    const failing = makeLoader({
      transform: (batch) => {
        tf.square(batch.xs);
        throw new Error("no ink");
      },
    });
    await expect(failing.open(random()).next()).rejects.toThrow("no ink");
    const promising = makeLoader({ transform: (batch) => Promise.resolve(batch) });
    await expect(promising.open(random()).next()).rejects.toThrow("is not an async function");
    expect(tf.memory().numTensors).toBe(before);
  });

  test("an error that comes while reading ahead comes at its batch", async () => {
    let calls = 0;
    const loader = makeLoader({
      prefetch: 5,
      transform: (batch) => {
        if (++calls === 3) throw new Error("no ink");
        return { xs: tf.neg(batch.xs) };
      },
    });
    const reader = loader.open(random());
    await read(reader, 1);
    await vi.waitFor(() => expect(calls).toBe(3));
    expect(await read(reader, 1)).toHaveLength(1);
    await expect(reader.next()).rejects.toThrow("no ink");
    await reader.close();
  });

  test("a look at the data does not decide the order of a later run", async () => {
    const [looked, fresh] = [1, 2].map(() => new DataLoader<"xs">({ xs }, { batchSize: 4, shuffle: true }));
    for await (const batch of looked ?? []) tf.dispose(batch.xs);
    expect(await read((looked as DataLoader<"xs">).open(random()))).toEqual(
      await read((fresh as DataLoader<"xs">).open(random())),
    );
  });

  test("a pass is not resumed with other data", () => {
    const loader = makeLoader({ shuffle: true });
    loader.open(random());
    const other = new DataLoader<"xs">({ xs: xs.slice(1) }, { batchSize: 3, shuffle: true });
    other.loadStateDict(loader.stateDict());
    expect(() => other.open(random(), { from: 1 })).toThrow("It had 20 examples in batches of 3.");
  });

  const bad: [string, Options, string][] = [
    [
      "two ways of choosing",
      { shuffle: true, weights: xs },
      "Only one of `shuffle`, `weights` and `sampler`",
    ],
    ["too few weights", { weights: [1] }, "one number for each of the 20 rows"],
    ["a negative weight", { weights: xs.map((x) => x - 1) }, "finite numbers of at least 0"],
    ["no weight above 0", { weights: xs.map(() => 0) }, "at least one above 0"],
    ["samples of nothing", { numSamples: 3 }, "`numSamples` needs `weights` or `sampler`"],
    [
      "a negative prefetch",
      { prefetch: -1 },
      "`prefetch` of `DataLoader` must be an integer of at least 0. Received: -1.",
    ],
  ];
  test.each(bad)("refuses %s", (_, options, message) => {
    expect(() => makeLoader(options)).toThrow(FulmineError);
    expect(() => makeLoader(options)).toThrow(message);
  });

  test("refuses a sampler that gives too few rows or none of the data's", () => {
    expect(() => makeLoader({ sampler: () => [1] }).open(random())).toThrow("`sampler` must return 20 rows");
    const outside = makeLoader({ sampler: (size, _, count) => new Int32Array(count).fill(size) });
    expect(() => outside.open(random())).toThrow("integers from 0 to 19. Received: 20.");
  });
});
