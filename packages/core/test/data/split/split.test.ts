import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataLoader, readCsv, split } from "@fulmine/core";
import { partSizes } from "../../../src/data/split/partSizes.js";

const numbers = Array.from({ length: 50 }, (_, index) => index);

/** How often each label occurs. */
function countsOf(labels: Iterable<string | number>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

describe("split", () => {
  test("puts each example into exactly one part, in an order that follows from the seed", () => {
    const parts = split(numbers, [0.7, 0.2, 0.1], { seed: 3 });
    expect(parts.map((part) => part.length)).toEqual([35, 10, 5]);
    expect(parts.flat().toSorted((a, b) => a - b)).toEqual(numbers);
    expect(parts[0]).not.toEqual(parts[0].toSorted((a, b) => a - b));
    expect(split(numbers, [0.7, 0.2, 0.1], { seed: 3 })).toEqual(parts);
    expect(split(numbers, [0.7, 0.2, 0.1], { seed: 4 })).not.toEqual(parts);
    // Without a seed it is the same split each time: another would train on held-out examples after a resume.
    expect(split(numbers, [40, 10])).toEqual(split(numbers, [0.8, 0.2], { seed: 0 }));
  });

  test("cuts in order without shuffle", () => {
    const [train, val] = split(numbers, [45, 5], { shuffle: false });
    expect([train.at(-1), val]).toEqual([44, [45, 46, 47, 48, 49]]);
  });

  test("gives fields of the same kinds, whose rows stay together", async () => {
    const rows = Float32Array.from({ length: 12 * 3 }, (_, at) => Math.floor(at / 3));
    const before = tf.memory().numTensors;
    const ids = tf.tensor1d(numbers.slice(0, 12), "int32");
    const fields = {
      xs: { values: rows, shape: [12, 3] },
      id: ids,
      bytes: Uint8Array.from(numbers.slice(0, 12)),
    };
    const [train, val] = split(fields, [0.75, 0.25], { seed: 1 });
    expect([train.xs.shape, train.id.shape, val.xs.shape]).toEqual([[9, 3], [9], [3, 3]]);
    expect(train.id.dtype).toBe("int32");
    expect(train.bytes).toBeInstanceOf(Uint8Array);
    for (const part of [train, val]) {
      const order = [...(await part.id.data())];
      expect([...part.bytes]).toEqual(order);
      expect([...part.xs.values]).toEqual(order.flatMap((row) => [row, row, row]));
    }
    expect(new DataLoader(train).size).toBe(9);
    tf.dispose([ids, train.id, val.id]);
    expect(tf.memory().numTensors).toBe(before);
    // Subarrays of the data would change with it.
    rows.fill(99);
    expect(train.xs.values).not.toContain(99);
  });

  test("leaves data in a Buffer as it is, whose slices share its memory", () => {
    const bytes = Buffer.from(numbers);
    const [train, val] = split({ xs: { values: bytes, shape: [50, 1] } }, [0.8, 0.2], { seed: 1 });
    expect([...bytes]).toEqual(numbers);
    expect([...train.xs.values, ...val.xs.values].toSorted((a, b) => a - b)).toEqual(numbers);
  });

  test.each([
    ["a little less", [0.4999995, 0.4999996]],
    ["a little more", [0.5000005, 0.5000004]],
  ])("loses no example of a large data set by fractions that sum to %s than 1", (_, fractions) => {
    const sizes = partSizes(fractions, 10_000_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10_000_000);
  });

  test("gives samples that are fetched one at a time, and a field alone", async () => {
    const fetched: number[] = [];
    const samples = { length: 10, get: (index: number) => (fetched.push(index), `${index}.png`) };
    const [, val] = split(samples, [8, 2], { seed: 1 });
    expect(fetched).toEqual([]);
    expect([val.length, await val.get(1)]).toEqual([2, `${String(fetched[0])}.png`]);
    const [half] = split(Int16Array.from([7, 8]), [1, 1]);
    expect(half).toBeInstanceOf(Int16Array);
  });

  test("gives each label the same share of every part, as nearly as whole examples allow", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 4, max: 40 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom([0.5, 0.5], [0.8, 0.2], [0.6, 0.2, 0.2], [0.25, 0.25, 0.25, 0.25]),
        fc.integer(),
        (counts, fractions, seed) => {
          const labels = counts.flatMap((count, label) => new Array<number>(count).fill(label));
          fc.pre(labels.length * Math.min(...fractions) >= counts.length + 1);
          const parts = split(labels, fractions, { seed, stratify: labels });
          expect(parts.map((part) => part.length)).toEqual(
            split(labels, fractions).map((part) => part.length),
          );
          expect(countsOf(parts.flat())).toEqual(countsOf(labels));
          for (const [at, part] of parts.entries())
            for (const [label, count] of counts.entries())
              expect(Math.abs((countsOf(part)[label] ?? 0) - count * (fractions[at] ?? 0))).toBeLessThan(2);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    ["a field of class indices", "ys"],
    ["a field of one-hot rows", "oneHot"],
    ["a tensor", "tensor"],
    ["a list", numbers.slice(0, 30).map((row) => (row % 3 === 0 ? "rose" : "tulip"))],
    ["a function of the index", (index: number) => index % 3 === 0],
  ] as const)("stratifies by %s", (_, stratify) => {
    const kinds = Int32Array.from({ length: 30 }, (__, row) => Number(row % 3 === 0));
    const fields = {
      ys: kinds,
      oneHot: {
        values: Float32Array.from(kinds.length === 0 ? [] : [...kinds].flatMap((kind) => [1 - kind, kind])),
        shape: [30, 2],
      },
      tensor: tf.tensor2d(kinds, [30, 1]),
    };
    const [train, val] = split(fields, [0.8, 0.2], { seed: 2, stratify });
    expect([countsOf(train.ys), countsOf(val.ys)]).toEqual([
      { 0: 16, 1: 8 },
      { 0: 4, 1: 2 },
    ]);
  });

  test("stratifies an array by a function of its examples, and the fields of a CSV table", () => {
    const flowers = numbers.map((index) => ({ kind: index < 40 ? "rose" : "tulip" }));
    const [, val] = split(flowers, [0.8, 0.2], { stratify: ({ kind }) => kind });
    expect(countsOf(val.map(({ kind }) => kind))).toEqual({ rose: 8, tulip: 2 });
    const { fields } = readCsv("a,kind\n1,x\n2,y\n3,x\n4,y\n", { label: "kind" });
    const [train] = split(fields, [0.5, 0.5], { stratify: "ys" });
    expect(countsOf(train.ys.values)).toEqual({ 0: 1, 1: 1 });
  });

  const labels = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];
  const bad: [string, () => unknown, string][] = [
    [
      "fractions of another sum",
      () => split(numbers, [0.8, 0.3]),
      "must sum to 1. Received: [0.8, 0.3]. They sum to 1.1.",
    ],
    [
      "counts of another sum",
      () => split(numbers, [40, 11]),
      "must sum to the 50 examples of the data. Received: [40, 11]. They sum to 51.",
    ],
    [
      "a part that would be empty",
      () => split([1, 2, 3], [0.9, 0.1]),
      "Part 1 of the split would be empty: it is 0.1 of 3 examples.",
    ],
    ["no sizes", () => split(numbers, []), "must be a list of numbers above 0. Received: []."],
    ["a size of 0", () => split(numbers, [1, 0]), "must be a list of numbers above 0."],
    ["no examples", () => split([], [1]), "needs at least one example"],
    [
      "fields of different lengths",
      () => split({ a: new Float32Array(2), b: new Float32Array(3) }, [1, 1]),
      "must have the same number of rows",
    ],
    [
      "a loader",
      () => split(new DataLoader({ xs: new Float32Array(4) }) as never, [0.5, 0.5]),
      "Split the data that a DataLoader is made of",
    ],
    ["a dataset", () => split(tf.data.array([1, 2]) as never, [0.5, 0.5]), "await dataset.toArray()"],
    [
      "a field that is not there",
      () => split({ xs: new Float32Array(4) }, [0.5, 0.5], { stratify: "ys" }),
      "no field `ys` to stratify by. Its fields are: xs.",
    ],
    [
      "labels of another number",
      () => split(numbers, [0.5, 0.5], { stratify: [1] }),
      "one label for each of the 50 examples",
    ],
    [
      "labels that are none",
      () => split([1, 2], [1, 1], { stratify: [1, NaN] }),
      "a text or a number as label. Received: NaN.",
    ],
    [
      "a label with fewer examples than parts",
      () => split(labels, [4, 2, 2, 2], { stratify: labels }),
      "The label 1 has fewer examples than there are parts",
    ],
    [
      "a part with fewer examples than labels",
      () => split(labels, [8, 2], { stratify: labels }),
      "Part 1 of the split must have an example of each of the 3 labels. Received: 2.",
    ],
    [
      "stratify in order",
      () => split(labels, [5, 5], { shuffle: false, stratify: labels }),
      "needs a random choice",
    ],
    [
      "an unknown option",
      () => split(numbers, [0.5, 0.5], { random: 1 } as never),
      "`split` has no option `random`",
    ],
  ];
  test.each(bad)("refuses %s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
