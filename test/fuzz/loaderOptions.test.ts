import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { expect } from "vitest";
import { DataLoader, FulmineError, SampleLoader } from "@fulmine/core";
import { endOf } from "./support/endOf.js";
import { hostile, OwnError } from "./support/hostile.js";
import { hostileOptions, type Valid } from "./support/hostileOptions.js";
import { property } from "./support/property.js";

const ROWS = 5;
const flags = [() => true, () => false];

const valid: Valid = {
  batchSize: [() => 1, () => 2, () => 5, () => 1000],
  shuffle: flags,
  dropLast: [() => false],
  seed: [() => 0, () => -3],
  prefetch: [() => 0, () => 3],
  transform: [() => (batch: object) => batch, () => async (batch: object) => Promise.resolve(batch)],
};

/** Reads a pass, and counts the examples. */
async function read(loader: AsyncIterable<unknown>): Promise<number> {
  let examples = 0;
  for await (const batch of loader) {
    const given = batch as { readonly xs?: tf.Tensor } | null | undefined;
    examples += given?.xs?.shape[0] ?? 0;
    tf.dispose(batch as tf.TensorContainer);
  }
  return examples;
}

property(
  "a DataLoader gives each example once, or its options are refused",
  160,
  hostileOptions(valid),
  async ({ make }) => {
    const loader = new DataLoader({ xs: { values: new Float32Array(2 * ROWS), shape: [ROWS, 2] } }, make());
    expect(loader.length).toBeGreaterThan(0);
    const examples = await read(loader);
    if (loader.length * ROWS > 0 && examples > 0) expect(examples).toBeLessThanOrEqual(ROWS);
  },
  (end, { isMisspelt, isValid }) => {
    if (isMisspelt) expect(end).toBeInstanceOf(FulmineError);
    if (isValid) expect(end).toBe("done");
  },
);

const choices: Valid = {
  batchSize: [() => 2],
  weights: [() => [1, 2, 3, 4, 5], () => Float32Array.of(0, 0, 1, 0, 0)],
  sampler: [
    () => (size: number) => [0, size - 1],
    () => () => [ROWS, -1],
    () => () => null,
    () => () => ["0", NaN],
  ],
  numSamples: [() => 1, () => 7],
  dropLast: flags,
  prefetch: [() => 2 ** 40],
};

property("rows are drawn, or what draws them is refused", 80, hostileOptions(choices), async ({ make }) => {
  const loader = new DataLoader({ xs: Int32Array.of(1, 2, 3, 4, 5) }, make());
  for await (const { xs } of loader) {
    for (const value of await xs.data()) expect([1, 2, 3, 4, 5]).toContain(value);
    xs.dispose();
  }
});

property(
  "a DataLoader takes fields, or refuses them",
  60,
  fc.tuple(hostile, hostile),
  async ([one, other]) => {
    await endOf(() => read(new DataLoader(one() as never)));
    await endOf(() => read(new DataLoader({ xs: one() as never })));
    await endOf(() => read(new DataLoader({ xs: new Float32Array(3), ys: one() as never })));
    await endOf(() => read(new DataLoader({ xs: { values: one() as never, shape: other() as never } })));
    await endOf(() => read(new DataLoader({ xs: { values: new Float32Array(3), shape: [one() as never] } })));
  },
);

const collates = [
  () => (samples: readonly number[]) => ({ xs: tf.tensor1d([...samples]) }),
  () => async (samples: readonly number[]) => Promise.resolve({ xs: tf.tensor1d([...samples]) }),
];

property(
  "a SampleLoader collates each example once, or refuses what it is given",
  80,
  fc.tuple(hostileOptions({ ...valid, collate: collates }, ["collate"]), hostile),
  async ([{ make }, other]) => {
    const end = await endOf(async () => {
      const examples = await read(new SampleLoader([1, 2, 3, 4, 5], make()));
      expect(examples).toBeLessThanOrEqual(ROWS);
    });
    const get = (index: number): number => index;
    const collate = collates[0]?.() as never;
    await endOf(() => new SampleLoader(other() as never, { collate }));
    const sampled = (options: object) =>
      new SampleLoader({ length: other() as never, get }, { collate, ...options });
    await endOf(async () => {
      for await (const batch of sampled({})) {
        tf.dispose(batch as tf.TensorContainer);
        break;
      }
    });
    await endOf(() => sampled({ shuffle: true }));
    const samples = { length: 2, get: () => { throw new OwnError("lost"); } }; // prettier-ignore
    await expect(read(new SampleLoader(samples, { collate }))).rejects.toThrow("lost");
    if (end instanceof FulmineError) throw end;
  },
  (end, [{ isMisspelt, isValid }]) => {
    if (isMisspelt) expect(end).toBeInstanceOf(FulmineError);
    if (isValid) expect(end).toBe("done");
  },
);
