import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { RandomState, Trainer, type Batch } from "@fulmine/core";
import { type BatchSource } from "@fulmine/core/plugin";
import { toBatchSource } from "../../../src/data/sources/toBatchSource.js";
import { withVariableShapes } from "../../../src/data/sources/withVariableShapes.js";
import { makeLoader, makeTiny, TinyModule } from "../../support/tinyModule.js";

const random = (): RandomState => new RandomState(5);
const batchOf = (shape: number[], labels = shape[0] ?? 1): Batch => ({
  xs: tf.zeros(shape),
  ys: tf.zeros([labels]),
});

async function readAll<B>(source: BatchSource<B>, from = 0): Promise<number> {
  const reader = source.open(random(), from === 0 ? {} : { from });
  let count = 0;
  for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
    batch.release();
    count += 1;
  }
  return count;
}

describe("data that fails says where", () => {
  test("a loader that throws", async () => {
    const cause = new Error("disk gone");
    const failing = (function* (): Generator<Batch> {
      yield batchOf([2, 3]);
      yield batchOf([2, 3]);
      throw cause;
    })();
    await expect(readAll(await toBatchSource<Batch>(failing, "train"))).rejects.toMatchObject({
      code: "INVALID_DATA",
      message: "`train` failed at batch 2: disk gone. The original error is the `cause` of this one.",
      cause,
    });
  });

  const odd: [string, unknown, string][] = [
    [
      "another trailing dimension",
      batchOf([2, 4]),
      "`xs` of batch 1 of `val` must have the shape of the first batch, [2, 3], apart from the number of examples. Received: [2, 4].",
    ],
    ["another rank", batchOf([2, 3, 1]), "[2, 3], apart from the number of examples. Received: [2, 3, 1]."],
    ["a field less", { xs: tf.zeros([2, 3]) }, "Batch 1 of `val` lacks `ys`, which the first batch has."],
    [
      "a field more",
      { ...batchOf([2, 3]), zs: tf.zeros([2]) },
      "Batch 1 of `val` has `zs`, which the first batch lacks.",
    ],
    [
      "its fields in another order",
      { ys: tf.zeros([2]), xs: tf.zeros([2, 3]) },
      "Batch 1 of `val` has its fields in a different order than the first batch.",
    ],
    ["nothing", undefined, "Batch 1 of `val` is missing. Received: undefined."],
  ];
  test.each(odd)("a batch with %s", async (_, second, message) => {
    const batches = [batchOf([2, 3]), second as Batch];
    await expect(readAll(await toBatchSource<Batch>(batches, "val"))).rejects.toThrow(message);
  });

  test("a tensor that is disposed already", async () => {
    const batch = batchOf([2, 3]);
    batch.ys.dispose();
    await expect(readAll(await toBatchSource<Batch>([batch], "train"))).rejects.toThrow(
      "`ys` of batch 0 of `train` is disposed.",
    );
  });

  test("a source that ends before its length", async () => {
    const short: BatchSource<Batch> = {
      length: 3,
      open: () => {
        const batches = [batchOf([2, 3])];
        return {
          next: async () => {
            const value = batches.pop();
            return value === undefined
              ? undefined
              : { value, release: () => tf.dispose([value.xs, value.ys]) };
          },
          close: async () => undefined,
        };
      },
      isolate: () => () => undefined,
    };
    await expect(readAll(await toBatchSource(short, "train"))).rejects.toThrow(
      "`train` ended after 1 of 3 batches.",
    );
  });

  test("but a last batch that is short is fine, and shapes may vary when that is said", async () => {
    expect(await readAll(await toBatchSource<Batch>([batchOf([4, 3]), batchOf([1, 3])], "train"))).toBe(2);
    const sentences = withVariableShapes([batchOf([4, 3]), batchOf([4, 7])]);
    expect(await readAll(await toBatchSource<Batch>(sentences, "train"))).toBe(2);
  });

  test("a batch that is refused is freed", async () => {
    const rows = tf.data.generator(function* () {
      yield { xs: tf.zeros([2, 3]) };
      yield { xs: tf.zeros([2, 4]) };
    } as never);
    const before = tf.memory().numTensors;
    await expect(readAll(await toBatchSource<unknown>(rows as never, "train"))).rejects.toThrow(
      "Received: [2, 4].",
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  test("in a run", async () => {
    const trainer = new Trainer({ maxEpochs: 1, enableProgressBar: false });
    const train = [batchOf([2, 4]), batchOf([2, 5])];
    await expect(trainer.fit(makeTiny(TinyModule), { train })).rejects.toThrow("`xs` of batch 1 of `train`");
    trainer.dispose();
  });
});

describe("any source can go on in the middle of a pass", () => {
  const batches = [1, 2, 3, 4].map((rows) => batchOf([rows, 2]));
  const sources: [string, () => Promise<BatchSource<Batch>>][] = [
    ["an array", () => toBatchSource<Batch>(batches, "train")],
    ["an iterable", () => toBatchSource<Batch>({ [Symbol.iterator]: () => batches.values() }, "train")],
    ["a generator", () => toBatchSource<Batch>(batches.values(), "train")],
  ];
  test.each(sources)("%s", async (_, make) => {
    const reader = (await make()).open(random(), { from: 2 });
    expect((await reader.next())?.value).toBe(batches[2]);
    expect((await reader.next())?.value).toBe(batches[3]);
    expect(await reader.next()).toBeUndefined();
    expect(await readAll(await make(), 4)).toBe(0);
  });

  test("a DataLoader keeps its state through the checks", async () => {
    const loader = makeLoader({ seed: 3 });
    const source = await toBatchSource(loader, "train");
    source.open(random());
    expect(source.stateDict?.()).toEqual(loader.stateDict());
    expect(loader.stateDict().passes).toBe(1);
  });
});
