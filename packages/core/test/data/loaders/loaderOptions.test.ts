import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { DataLoader, FulmineError, SampleLoader } from "@fulmine/core";

const rows = (count: number): Float32Array => new Float32Array(count);
const collate = (samples: readonly number[]): tf.Tensor => tf.tensor1d([...samples]);

describe("a loader refuses", () => {
  const disposed = tf.zeros([3]);
  disposed.dispose();
  const cases: [string, () => unknown, string][] = [
    ["sizes below 0", () => shaped([-3, -4]), "`shape` of the field `xs` must be a list of integers"],
    ["sizes that are fractions", () => shaped([0.5, 24]), "of integers of at least 0. Received: [0.5, 24]"],
    ["a shape that is a number", () => shaped(12), "of integers of at least 0. Received: 12"],
    ["a shape with a hole", () => shaped([3, , 4]), "of integers of at least 0"], // eslint-disable-line no-sparse-arrays
    ["a tensor that is disposed", () => new DataLoader({ xs: disposed }), "The field `xs` is disposed"],
    ["no fields", () => new DataLoader(null as never), "takes its fields by name. Received: null"],
    ["a list of fields", () => new DataLoader([rows(3)] as never), "takes its fields by name"],
    [
      "a tensor alone",
      () => new DataLoader(tf.zeros([3]) as never),
      "takes its fields by name. Received: Tensor",
    ],
    ["a field that is circular", () => new DataLoader({ xs: circular() }), "`xs` must be a tensor"],
    [
      "numbers above int32",
      () => new DataLoader({ xs: Uint32Array.of(1, 2 ** 31) } as never),
      "`xs` has a number that int32 can't hold. Received: 2147483648",
    ],
    [
      "a number for options",
      () => new DataLoader({ xs: rows(3) }, 32 as never),
      "takes its options as an object",
    ],
    [
      "null for options",
      () => new DataLoader({ xs: rows(3) }, null as never),
      "takes its options as an object",
    ],
    [
      "weights that claim billions",
      () => new DataLoader({ xs: rows(3) }, { weights: { length: 2 ** 40 } }),
      "one number for each of the 3 rows",
    ],
    [
      "a pass of billions of examples",
      () => new DataLoader({ xs: rows(3) }, { weights: rows(3).fill(1), numSamples: 2 ** 40 }),
      "`numSamples` of `DataLoader` must be an integer from 1 to 100000000",
    ],
    [
      "no samples",
      () => new SampleLoader(null as never, { collate }),
      "{ length, get(index) }. Received: null",
    ],
    ["a length that is no count", () => sampled(-1), "{ length, get(index) }"],
    ["a length that is a text", () => sampled("3"), "{ length, get(index) }"],
    [
      "samples without options",
      () => new SampleLoader([1], undefined as never),
      "takes its options as an object",
    ],
  ];
  test.each(cases)("%s", (_, make, message) => {
    expect(make).toThrow(FulmineError);
    expect(make).toThrow(message);
  });
});

function shaped(shape: unknown): unknown {
  return new DataLoader({ xs: { values: rows(12), shape: shape as number[] } });
}

function sampled(length: unknown): unknown {
  return new SampleLoader({ length: length as number, get: (index: number) => index }, { collate });
}

function circular(): never {
  const list: unknown[] = [];
  list.push(list);
  return list as never;
}
