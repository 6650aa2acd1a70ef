import { describe, expect, test } from "vitest";
import { FulmineError } from "@fulmine/core";
import { BatchSizeFinder } from "../src/batchSizeFinder.js";
import { resolveOptions, type FindBatchSizeOptions } from "../src/findBatchSizeOptions.js";
import { growBatch } from "../src/growBatch.js";
import type { Measured } from "../src/measureTrial.js";

/** A machine whose steps take a fixed time and a time per example, and a fixed memory and a memory per example. */
function machine({ fixed = 1, perExample = 0.1, bytes = 1000, examples = Infinity } = {}) {
  const asked: number[] = [];
  const measure = (batchSize: number): Promise<Measured> => {
    asked.push(batchSize);
    const used = Math.min(batchSize, examples);
    return Promise.resolve({
      batchSize,
      examples: used,
      examplesPerSecond: (1000 * used) / (fixed + perExample * used),
      peakBytes: 5000 + bytes * used,
    });
  };
  return { measure, asked };
}

const resolve = (options: FindBatchSizeOptions = {}) =>
  resolveOptions({ maxMemory: Number.MAX_VALUE, ...options });

describe("the batch is doubled", () => {
  test("until larger batches are not faster", async () => {
    // With 64 examples 7.4 of 10 thousand per second are reached, with 1024 9.9.
    const { measure, asked } = machine();
    const { trials, reason } = await growBatch(measure, resolve());
    expect(reason).toBe("speed");
    expect(asked).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    expect(new BatchSizeFinder(trials, reason, 0.05).suggestion()).toBe(256);
  });

  test("but no further than the memory allows, which is predicted and not tried", async () => {
    const { measure, asked } = machine();
    const { trials, reason } = await growBatch(measure, resolve({ maxMemory: 5000 + 1000 * 100 }));
    expect(reason).toBe("memory");
    expect(asked).toEqual([2, 4, 8, 16, 32, 64]);
    expect(trials.at(-1)?.batchSize).toBe(64);
  });

  test("but no further than the data goes", async () => {
    const { measure } = machine({ fixed: 1000, examples: 100 });
    const { trials, reason } = await growBatch(measure, resolve());
    expect(reason).toBe("data");
    expect(trials.map(({ batchSize }) => batchSize)).toEqual([2, 4, 8, 16, 32, 64]);
  });

  test("at most maxTrials times", async () => {
    const { measure } = machine({ fixed: 1e6 });
    const { trials, reason } = await growBatch(measure, resolve({ maxTrials: 3, initial: 5 }));
    expect(reason).toBe("trials");
    expect(trials.map(({ batchSize }) => batchSize)).toEqual([5, 10, 20]);
  });
});

test.each([
  [100, { maxMemory: 5000 + 1000 * 100 }, {}],
  [77, {}, { examples: 77 }],
  [3, { maxMemory: 5000 + 1000 * 3 }, {}],
] as const)("binary finds the largest batch that fits, %i", async (largest, options, limits) => {
  const { measure } = machine({ fixed: 1e6, ...limits });
  const { trials, reason } = await growBatch(measure, resolve({ mode: "binary", ...options }));
  const finder = new BatchSizeFinder(trials, reason, 0);
  expect(finder.suggestion()).toBe(largest);
  expect(Math.max(...trials.map(({ batchSize }) => batchSize))).toBe(largest);
});

test("a step that runs out of memory ends the search", async () => {
  const { measure } = machine({ fixed: 1e6 });
  const growth = await growBatch(
    (size) => (size > 30 ? Promise.resolve(null) : measure(size)),
    resolve({ mode: "binary" }),
  );
  expect(growth.reason).toBe("memory");
  expect(new BatchSizeFinder(growth.trials, growth.reason, 0).suggestion()).toBe(30);
});

test("without a batch that fits there is no suggestion", async () => {
  const { trials, reason } = await growBatch(() => Promise.resolve(null), resolve());
  expect(new BatchSizeFinder(trials, reason, 0.05).suggestion()).toBeNull();
});

test("data that ignores the batch size is an error that says what it gave", async () => {
  const measure = (batchSize: number): Promise<Measured> =>
    Promise.resolve({ batchSize, examples: 32, examplesPerSecond: 1, peakBytes: 1 });
  const error = await growBatch(measure, resolve()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FulmineError);
  expect(String(error)).toMatchInlineSnapshot(
    `"FulmineError: The training data ignores the batch size: it gave 32 examples. Received: 2. Let \`trainDataloader\` make a new loader with hparams.batchSize at each call, and give \`train\` more examples than that."`,
  );
});

test("the smallest batch within the tolerance is suggested", () => {
  const trials = [
    { batchSize: 8, examplesPerSecond: 90, peakBytes: 2 ** 20 },
    { batchSize: 32, examplesPerSecond: 100, peakBytes: 2 ** 22 },
    { batchSize: 16, examplesPerSecond: 96, peakBytes: 2 ** 21 },
  ];
  expect(new BatchSizeFinder(trials, "speed", 0.05).suggestion()).toBe(16);
  expect(new BatchSizeFinder(trials, "speed", 0).suggestion()).toBe(32);
  expect(new BatchSizeFinder(trials, "speed", 0.2).toString()).toMatchInlineSnapshot(`
    "batch size    examples/s  peak MiB
             8            90       1.0  ←
            16            96       2.0
            32           100       4.0
    Ended by: speed."
  `);
});

test("data that keeps the size of the first trial ignores the batch size", async () => {
  const kept = (batchSize: number): Promise<Measured> =>
    Promise.resolve({ batchSize, examples: 8, examplesPerSecond: 1, peakBytes: 1 });
  await expect(growBatch(kept, resolve({ initial: 8 }))).rejects.toThrow("it gave 8 examples");
  const { measure, asked } = machine({ examples: 8 });
  const { trials, reason } = await growBatch(measure, resolve({ initial: 8 }));
  expect([reason, trials.length, asked]).toEqual(["data", 1, [8, 16, 7]]);
});
