import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { DataLoader, FulmineError, type Batch, type BatchReader, type BatchSource } from "@fulmine/core";
import { toBatchSource } from "../src/data/toBatchSource.js";
import { RandomState } from "../src/random/randomState.js";

/** Reads up to `limit` batches and gives the first number of each. */
async function read(reader: BatchReader<Batch>, limit = Infinity): Promise<number[]> {
  const seen: number[] = [];
  for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
    seen.push(batch.value.xs.dataSync()[0] ?? NaN);
    batch.release();
    if (seen.length === limit) break;
  }
  return seen;
}

const random = (): RandomState => new RandomState(5);

describe("a DataLoader", () => {
  const xs = Float32Array.from({ length: 20 }, (_, index) => index);
  const ys = Int32Array.from({ length: 10 }, (_, index) => index);
  const fields = { xs: { values: xs, shape: [10, 2] }, ys };

  test("cuts typed arrays and tensors alike, with a short last batch", async () => {
    const onTensors = new DataLoader(
      { xs: tf.tensor2d(xs, [10, 2]), ys: tf.tensor1d(ys, "int32") },
      { batchSize: 4 },
    );
    for (const loader of [new DataLoader(fields, { batchSize: 4 }), onTensors]) {
      const shapes: number[][] = [];
      const labels: number[] = [];
      for await (const batch of loader) {
        shapes.push(batch.xs.shape);
        labels.push(...batch.ys.dataSync());
        expect(batch.ys.dtype).toBe("int32");
        tf.dispose([batch.xs, batch.ys]);
      }
      expect(shapes).toEqual([
        [4, 2],
        [4, 2],
        [2, 2],
      ]);
      expect(labels).toEqual([...ys]);
      expect(loader.length).toBe(3);
    }
  });

  test("leaves out a short last batch when told to", async () => {
    const loader = new DataLoader(fields, { batchSize: 4, dropLast: true });
    expect(loader.length).toBe(2);
    expect(await read(loader.open(random()))).toEqual([0, 8]);
  });

  test("shuffles anew in each pass, keeping rows together, and repeats with the same seed", async () => {
    const passes = async (): Promise<number[][]> => {
      const loader = new DataLoader(fields, { batchSize: 1, shuffle: true, seed: 3 });
      return [await read(loader.open(random())), await read(loader.open(random()))];
    };
    const [first = [], second = []] = await passes();
    expect(first).not.toEqual(second);
    expect(first.toSorted((a, b) => a - b)).toEqual(second.toSorted((a, b) => a - b));
    expect(await passes()).toEqual([first, second]);
  });

  test("is put back to where it stood", async () => {
    const loader = new DataLoader(fields, { batchSize: 1, shuffle: true, seed: 3 });
    const expected = new DataLoader(fields, { batchSize: 1, shuffle: true, seed: 3 });
    const end = loader.isolate();
    await read(loader.open(random()));
    await read(loader.open(random()), 4);
    end();
    expect(await read(loader.open(random()))).toEqual(await read(expected.open(random())));
  });

  const bad: [string, () => unknown, string][] = [
    ["no rows", () => new DataLoader({ xs: new Float32Array(0) }), "The field `xs` has no rows."],
    [
      "unequal rows",
      () => new DataLoader({ xs, ys }),
      "`xs` and `ys` must have equally many rows. Received: [20, 10]",
    ],
    [
      "a shape that does not fit",
      () => new DataLoader({ xs: { values: xs, shape: [7, 3] } }),
      "has 20 values, which its shape does not hold",
    ],
    [
      "a field that is no data",
      () => new DataLoader({ xs: [1, 2] as never }),
      "The field `xs` must be a tensor, a typed array",
    ],
    [
      "a batch size of zero",
      () => new DataLoader(fields, { batchSize: 0 }),
      "`batchSize` of `DataLoader` must be a whole number of at least 1. Received: 0",
    ],
    [
      "an unknown option",
      () => new DataLoader(fields, { size: 1 } as never),
      "`DataLoader` has no option `size`.",
    ],
    [
      "dropLast with too few rows",
      () => new DataLoader(fields, { batchSize: 11, dropLast: true }),
      "there is no batch",
    ],
  ];
  test.each(bad)("refuses %s", (_, make, message) => {
    expect(make).toThrow(FulmineError);
    expect(make).toThrow(message);
  });
});

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
