import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { DataLoader, FulmineError } from "@fulmine/core";
import { RandomState } from "../../../src/random/randomState.js";
import { readFirstNumbers as read } from "../../support/readBatches.js";

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
      "`xs` and `ys` must have the same number of rows. Received: [20, 10]",
    ],
    [
      "a shape that does not fit",
      () => new DataLoader({ xs: { values: xs, shape: [7, 3] } }),
      "has 20 values, which do not fit its shape",
    ],
    [
      "a field that is no data",
      () => new DataLoader({ xs: [1, 2] as never }),
      "The field `xs` must be a tensor, a typed array",
    ],
    [
      "a batch size of zero",
      () => new DataLoader(fields, { batchSize: 0 }),
      "`batchSize` of `DataLoader` must be an integer of at least 1. Received: 0",
    ],
    [
      "an unknown option",
      () => new DataLoader(fields, { size: 1 } as never),
      "`DataLoader` has no option `size`.",
    ],
    [
      "dropLast with too few rows",
      () => new DataLoader(fields, { batchSize: 11, dropLast: true }),
      "a pass has no batch",
    ],
  ];
  test.each(bad)("refuses %s", (_, make, message) => {
    expect(make).toThrow(FulmineError);
    expect(make).toThrow(message);
  });
});
