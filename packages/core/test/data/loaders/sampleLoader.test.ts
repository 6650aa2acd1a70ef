import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { RandomState, SampleLoader } from "@fulmine/core";
import { readBatches as read } from "../../support/readBatches.js";

const random = (): RandomState => new RandomState(5);

type Named = Readonly<Record<"xs", tf.Tensor>>;

const gap = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe("a SampleLoader", () => {
  const collate = (samples: readonly { image: tf.Tensor }[]): Named => ({
    xs: tf.stack(samples.map((sample) => sample.image)),
  });

  test("fetches, collates and frees the examples, in the order asked for", async () => {
    const before = tf.memory().numTensors;
    const get = async (index: number): Promise<{ image: tf.Tensor }> => {
      if (index % 2 === 0) await gap();
      return { image: tf.tensor1d([index]) };
    };
    const loader = new SampleLoader({ length: 7, get }, { batchSize: 3, collate, prefetch: 2 });
    expect(await read(loader.open(random()))).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    const reader = loader.open(random());
    await read(reader, 1);
    await reader.close();
    await gap();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("frees the others when one can't be had", async () => {
    const before = tf.memory().numTensors;
    const get = async (index: number): Promise<{ image: tf.Tensor }> => {
      if (index === 1) throw new Error("404");
      await gap();
      return { image: tf.tensor1d([index]) };
    };
    const loader = new SampleLoader({ length: 3, get }, { collate });
    await expect(loader.open(random()).next()).rejects.toThrow("404");
    expect(tf.memory().numTensors).toBe(before);
  });

  test("takes an array, whose items stay the user's", async () => {
    const samples = [1, 2, 3].map((index) => ({ image: tf.tensor1d([index]) }));
    const loader = new SampleLoader(samples, { batchSize: 2, collate, shuffle: true, seed: 1 });
    expect((await read(loader.open(random()))).flat().toSorted()).toEqual([1, 2, 3]);
    expect(samples[0]?.image.isDisposed).toBe(false);
  });

  test("refuses what is no list", () => {
    expect(() => new SampleLoader({ length: 3 } as never, { collate })).toThrow("{ length, get(index) }");
    expect(() => new SampleLoader([], { collate })).toThrow("at least one example");
    expect(() => new SampleLoader([1], {} as never)).toThrow(
      "`collate` of `SampleLoader` must be a function",
    );
  });
});
