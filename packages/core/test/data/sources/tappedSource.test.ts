import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import type { Batch } from "@fulmine/core";
import type { BatchSource } from "@fulmine/core/plugin";
import { toBatchSource } from "../../../src/data/sources/toBatchSource.js";
import { RandomState } from "../../../src/random/randomState.js";
import { readFirstNumbers as read } from "../../support/readBatches.js";

const random = (): RandomState => new RandomState(5);

describe("data that can't be put back is remembered while it is isolated", () => {
  function* numbers(count: number): Generator<Batch> {
    for (let index = 0; index < count; index++) {
      const batch = { xs: tf.scalar(index), ys: tf.scalar(index) };
      yield batch;
      tf.dispose([batch.xs, batch.ys]);
    }
  }
  const sources: [string, () => Promise<BatchSource<Batch>>, number[][]][] = [
    ["a generator", () => toBatchSource<Batch>(numbers(5), "train"), [[0, 1, 2, 3, 4], []]],
    [
      "an iterable that starts anew",
      () => toBatchSource<Batch>({ [Symbol.iterator]: () => numbers(5) }, "train"),
      [
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3, 4],
      ],
    ],
    [
      "an async generator",
      () =>
        toBatchSource<Batch>(
          (async function* () {
            await Promise.resolve();
            yield* numbers(5);
          })(),
          "train",
        ),
      [[0, 1, 2, 3, 4], []],
    ],
  ];
  for (const [name, make, passes] of sources) {
    for (const ahead of [0, 1, 3, 5, 8, 12]) {
      test(`${name}, ${ahead} batches read ahead`, async () => {
        const before = tf.memory().numTensors;
        const source = await make();
        for (let round = 0; round < 2; round++) {
          const end = source.isolate();
          for (let left = ahead; left > 0;) {
            const count = (await read(source.open(random()), left)).length;
            expect(count).toBeGreaterThan(0);
            left -= count;
          }
          end();
        }
        for (const pass of passes) expect(await read(source.open(random()))).toEqual(pass);
        expect(tf.memory().numTensors).toBe(before);
      });
    }
  }

  test("a shuffled tf.data.Dataset gives fit the very batches that a sweep saw", async () => {
    const rows = tf.data.array(Array.from({ length: 12 }, (_, index) => ({ xs: index, ys: index })));
    const source = await toBatchSource<Batch>(rows.shuffle(12).batch(2), "train");
    const end = source.isolate();
    const seen = await read(source.open(random()), 4);
    end();
    const replayed = await read(source.open(random()));
    expect(replayed.slice(0, 4)).toEqual(seen);
    expect(replayed).toHaveLength(6);
  });

  test("an error of the data comes again at the same place", async () => {
    const failing = function* (): Generator<Batch> {
      yield { xs: tf.scalar(0), ys: tf.scalar(0) };
      throw new Error("disk gone");
    };
    const source = await toBatchSource<Batch>(failing(), "train");
    const end = source.isolate();
    await expect(read(source.open(random()))).rejects.toThrow("disk gone");
    end();
    const reader = source.open(random());
    expect(await read(reader, 1)).toEqual([0]);
    await expect(reader.next()).rejects.toThrow("disk gone");
  });

  test("a pass that ends early closes its generator", async () => {
    let isClosed = false;
    const source = await toBatchSource<Batch>(
      (function* () {
        try {
          yield* numbers(5);
        } finally {
          isClosed = true;
        }
      })(),
      "train",
    );
    const reader = source.open(random());
    await read(reader, 2);
    await reader.close();
    expect(isClosed).toBe(true);
  });
});
