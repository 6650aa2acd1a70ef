import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { augmentImages, DataLoader, RandomState, type AugmentOptions } from "@fulmine/core";

/** Augments one image. */
async function augmented(image: tf.Tensor, options: AugmentOptions, seed = 1): Promise<number[]> {
  const xs = tf.expandDims(image, 0);
  const result = await augmentImages(options)({ xs }, new RandomState(seed));
  const values = Array.from(await result.xs.data());
  expect([result.xs.shape, result.xs.dtype]).toEqual([xs.shape, xs.dtype]);
  tf.dispose([xs, result.xs]);
  return values;
}

/** A seed for which the random numbers are as wanted. */
function seedWhere(isWanted: (random: RandomState) => boolean): number {
  return Array.from({ length: 5000 }, (_, at) => at).find((seed) => isWanted(new RandomState(seed))) ?? NaN;
}

const grid = tf.tensor3d([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [3, 3, 1]);
const gridValues = Array.from(grid.dataSync());
const row = (values: readonly number[]): tf.Tensor => tf.tensor3d([...values], [1, values.length / 3, 3]);

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [at, value] of actual.entries()) expect(value).toBeCloseTo(expected[at] ?? NaN, 5);
}

describe("augmentImages", () => {
  test("mirrors an image in both directions", async () => {
    expectClose(
      await augmented(grid, { horizontalFlip: 1 }),
      [2, 1, 0, 5, 4, 3, 8, 7, 6].map((at) => at / 10),
    );
    expectClose(
      await augmented(grid, { verticalFlip: 1 }),
      [6, 7, 8, 3, 4, 5, 0, 1, 2].map((at) => at / 10),
    );
    expect(await augmented(grid, {})).toEqual(gridValues);
  });

  test("flips as often as it is told to", async () => {
    const images = tf.tile(tf.tensor4d([0, 1], [1, 1, 2, 1]), [400, 1, 1, 1]);
    const { xs } = await augmentImages({ horizontalFlip: 0.25 })({ xs: images }, new RandomState(5));
    const flipped = (await xs.data()).filter((value, at) => at % 2 === 0 && value === 1).length;
    expect(flipped).toBeGreaterThan(70);
    expect(flipped).toBeLessThan(130);
  });

  test("keeps a crop within the image, so that its edges do not fade", async () => {
    const white = tf.ones([200, 4, 5, 1]);
    const options = { crop: { scale: [0.1, 1] }, fill: 0 } as const;
    const { xs } = await augmentImages(options)({ xs: white }, new RandomState(1));
    expect(Math.min(...(await xs.data()))).toBeCloseTo(1, 6);
    tf.dispose([white, xs]);
  });

  test("rotates around the centre by up to the angle, and fills what is beyond", async () => {
    const seed = seedWhere((random) => Math.abs(random.float() - 1) < 0.01);
    // At least 88 degrees: the first row becomes a column.
    const turned = await augmented(grid, { rotate: 90 }, seed);
    const quarter = [2, 5, 8, 1, 4, 7, 0, 3, 6].map((at) => at / 10);
    const other = [6, 3, 0, 7, 4, 1, 8, 5, 2].map((at) => at / 10);
    const isNear = (wanted: readonly number[]): boolean =>
      turned.every((value, at) => Math.abs(value - (wanted[at] ?? NaN)) < 0.05);
    expect([isNear(quarter), isNear(other)]).toContain(true);
    const corner = await augmented(
      tf.ones([3, 3, 1]),
      { rotate: 90, fill: 0.5 },
      seedWhere((random) => Math.abs(random.float() - 0.75) < 0.05),
    );
    expect(corner[4]).toBe(1);
    expect(corner[0]).toBeLessThan(0.9);
    expect(Math.min(...corner)).toBeGreaterThanOrEqual(0.5);
  });

  test("shifts by whole pixels", async () => {
    const seed = seedWhere((random) => random.int(3) === 2 && random.int(3) === 1);
    expectClose(
      await augmented(grid, { shift: 1 }, seed),
      [1, 2, 0, 4, 5, 0, 7, 8, 0].map((at) => at / 10),
    );
  });

  test("resizes a part of the image to its size", async () => {
    const ramp = tf.tensor3d(
      Array.from({ length: 64 }, (_, at) => (at % 8) / 7),
      [8, 8, 1],
    );
    const values = await augmented(ramp, { crop: { scale: [0.25, 0.25], ratio: [1, 1] } });
    // Half of the width: the values rise half as fast, and stay within those of the image.
    expect((values[7] ?? NaN) - (values[0] ?? NaN)).toBeCloseTo(0.5, 1);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(await augmented(ramp, { crop: { scale: [1, 1], ratio: [1, 1] } })).toEqual(
      Array.from(ramp.dataSync()),
    );
  });

  test("changes colours as their definitions say", async () => {
    const pixel = [0.8, 0.4, 0.2];
    const grey = 0.299 * 0.8 + 0.587 * 0.4 + 0.114 * 0.2;
    const draw = (seed: number): number => 2 * new RandomState(seed).float() - 1;
    const factor = 1 + draw(3) * 0.5;
    expectClose(
      await augmented(row(pixel), { brightness: 0.5 }, 3),
      pixel.map((value) => Math.min(1, value * factor)),
    );
    expectClose(
      await augmented(row(pixel), { saturation: 0.5 }, 3),
      pixel.map((value) => Math.min(1, grey + factor * (value - grey))),
    );
    expectClose(
      await augmented(row([...pixel, 0, 0, 0]), { contrast: 0.5 }, 3),
      [...pixel, 0, 0, 0].map((value) => Math.min(1, Math.max(0, grey / 2 + factor * (value - grey / 2)))),
    );
    // A third of the wheel makes red of green, green of blue, and blue of red, or the other way round.
    const third = seedWhere((random) => Math.abs(Math.abs(2 * random.float() - 1) - 2 / 3) < 0.01);
    const turned = await augmented(row(pixel), { hue: 0.5 }, third);
    for (const [at, value] of turned.toSorted().entries())
      expect(Math.abs(value - ([0.2, 0.4, 0.8][at] ?? NaN))).toBeLessThan(0.03);
    expect(turned[0]).toBeLessThan(0.5);
    expect(await augmented(row([0.5, 0.5, 0.5]), { hue: 0.5, saturation: 1 })).toEqual([0.5, 0.5, 0.5]);
  });

  test("keeps integers whole, and a fourth channel as it is", async () => {
    const bytes = tf.tensor3d([200, 100, 50, 7], [1, 1, 4], "int32");
    const values = await augmented(bytes, { brightness: 0.9, saturation: 0.5 }, 2);
    expect(values[3]).toBe(7);
    expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(true);
    expect(values.slice(0, 3)).not.toEqual([200, 100, 50]);
  });

  test("gives the same bits in a resumed pass, and others in the next; it keeps other fields and leaks nothing", async () => {
    const values = Float32Array.from({ length: 6 * 4 * 4 * 3 }, (_, at) => (at % 17) / 17);
    const options: AugmentOptions = {
      horizontalFlip: 0.5,
      rotate: 30,
      crop: { scale: [0.5, 1] },
      hue: 0.1,
      contrast: 0.3,
    };
    const make = () =>
      new DataLoader(
        { xs: { values, shape: [6, 4, 4, 3] }, ys: Int32Array.of(0, 1, 2, 3, 4, 5) },
        { batchSize: 2, shuffle: true, seed: 4, transform: augmentImages(options) },
      );
    const before = tf.memory().numTensors;
    const read = async (loader: ReturnType<typeof make>, from?: number): Promise<number[][]> => {
      const reader = loader.open(new RandomState(9), from === undefined ? {} : { from });
      const batches: number[][] = [];
      for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
        batches.push([...(await batch.value.ys.data()), ...(await batch.value.xs.data())]);
        batch.release();
      }
      return batches;
    };
    const loader = make();
    const first = await read(loader);
    const state = loader.stateDict();
    const end = loader.isolate();
    const ahead = await read(loader);
    end();
    expect(await read(loader)).toEqual(ahead);
    expect(ahead).not.toEqual(first);
    const resumed = make();
    resumed.loadStateDict(state);
    expect(await read(resumed, 1)).toEqual(first.slice(1));
    expect(tf.memory().numTensors).toBe(before);
  });

  test("refuses options and batches that it can't use", async () => {
    const bad: [AugmentOptions, string][] = [
      [
        { horizontalFlip: 2 },
        "`horizontalFlip` of `augmentImages` must be a number from 0 to 1. Received: 2.",
      ],
      [{ crop: { scale: [0, 1] } }, "`crop` of `augmentImages` must be"],
      [{ crop: { scale: [0.9, 0.5] } }, "`crop` of `augmentImages` must be"],
      [{ hue: 0.6 }, "from 0 to 0.5"],
      [{ flip: true } as never, "no option `flip`"],
    ];
    for (const [options, message] of bad) expect(() => augmentImages(options)).toThrow(message);
    const run = (options: AugmentOptions, xs: unknown): Promise<unknown> =>
      augmentImages(options)({ xs }, new RandomState(1));
    await expect(run({}, tf.zeros([2, 9]))).rejects.toThrow(
      "must be images, [n, height, width, channels], to be augmented. Received: [2, 9].",
    );
    await expect(run({ field: "image" }, tf.zeros([1, 2, 2, 1]))).rejects.toThrow("`image` of a batch");
    await expect(run({ hue: 0.1 }, tf.zeros([1, 2, 2, 2]))).rejects.toThrow("must have 1, 3 or 4 channels");
    await expect(run({ brightness: 0.1 }, tf.fill([1, 2, 2, 3], -1))).rejects.toThrow(
      "must have values from 0 to 1. Received: -1.",
    );
  });
});
