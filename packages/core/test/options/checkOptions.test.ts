import { describe, expect, test } from "vitest";
import { FulmineError, Trainer, type TrainerOptions } from "@fulmine/core";

const count = (least: number): string => `must be an integer of at least ${least}`;
const limit = (least: number): string =>
  `must be an integer of at least ${least}, or a fraction between 0 and 1`;
const boolean = "must be true or false";

/** For each flag what is allowed, values that are, and values that are not. */
const flags: Record<keyof TrainerOptions, [allowed: string, good: unknown[], bad: unknown[]]> = {
  maxEpochs: [count(1), [1, 1000], [0, -1, 1.5, NaN, Infinity, "3", null]],
  minEpochs: [count(0), [0, 2], [-1, 0.5, "1"]],
  maxSteps: [count(1), [1], [0, -1, 2.5, "7"]],
  maxTime: [
    'must be "DD:HH:MM:SS" or an object with days, hours, minutes or seconds',
    ["00:01:00:00", { hours: 1.5 }],
    ["1h", "01:00:00", 60, {}, { hour: 1 }, { hours: -1 }, { hours: NaN }, { hours: "1" }],
  ],
  limitTrainBatches: [limit(1), [1, 10, 0.1], [0, -1, 1.5, NaN, Infinity, "10"]],
  limitValBatches: [limit(0), [0, 1, 0.5], [-1, 1.5, "0"]],
  limitTestBatches: [limit(1), [1, 0.5], [0, -0.5, 2.5]],
  limitPredictBatches: [limit(1), [1, 0.5], [0, -0.5, 2.5]],
  overfitBatches: [limit(1), [1, 0.5], [0, -1, 1.1]],
  fastDevRun: ["must be true, false or an integer of at least 1", [true, false, 3], [0, -1, 1.5, "true"]],
  valCheckInterval: [limit(1), [1, 0.25], [0, -1, 1.5]],
  checkValEveryNEpoch: [count(1), [1, 5], [0, 0.5, null]],
  numSanityValSteps: [count(0), [0, 2], [-1, 0.5]],
  logEveryNSteps: [count(1), [1], [0, 1.5]],
  accumulateGradBatches: [
    "must be an integer of at least 1, or such numbers by the epoch from which they hold",
    [1, 4, { 0: 8, 4: 1 }],
    [0, 1.5, { 0: 0 }, { "-1": 2 }, { first: 2 }, { 0: "2" }, null],
  ],
  gradientClipVal: ["must be a finite number above 0", [0.5, 1], [0, -1, NaN, Infinity, "1"]],
  gradientClipAlgorithm: ['must be "norm" or "value"', ["norm", "value"], ["l2", 1]],
  detectAnomaly: [boolean, [true, false], [1, "yes", null]],
  enableProgressBar: [boolean, [true, false], [0, null]],
  onProgress: ["must be a function", [() => undefined], [true, "line"]],
  enableModelSummary: [boolean, [true, false], [1, "no"]],
  enableCheckpointing: [boolean, [true, false], [1, null]],
  defaultRootDir: ["must be the path of a folder", ["runs"], ["", 1, null]],
  seed: ["must be an integer", [0, -3, 42], [1.5, NaN, "42", null]],
  callbacks: ["must be a list of callbacks", [[], [{}]], [{}, [null], [() => undefined], "all"]],
  logger: [
    "must be a logger (with `logMetrics` and `logHyperparams`), a list of them, or false",
    [false, [], [{ logMetrics: () => undefined, logHyperparams: () => undefined }]],
    [true, null, {}, [{}], { logMetrics: () => undefined }],
  ],
  signal: ["must be an AbortSignal", [new AbortController().signal], [new AbortController(), null, {}]],
};

const make = (flag: string, value: unknown): Trainer => new Trainer({ [flag]: value });

function errorOf(run: () => unknown): FulmineError {
  try {
    run();
  } catch (error) {
    if (error instanceof FulmineError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe.each(Object.entries(flags))("%s", (flag, [allowed, good, bad]) => {
  test.each(good.map((value) => ({ value })))("takes $value", ({ value }) => {
    expect(make(flag, value).options).toEqual({ [flag]: value });
  });

  test.each(bad.map((value) => ({ value })))(
    "refuses $value, naming the flag, what is allowed and what was received",
    ({ value }) => {
      const { code, message } = errorOf(() => make(flag, value));
      expect(code).toBe("INVALID_OPTION");
      expect(message).toContain(`\`${flag}\` ${allowed}. Received: `);
    },
  );
});

test("every flag that a Trainer takes is in this list", () => {
  expect(Object.keys(flags).sort()).toEqual(Object.keys(Trainer.optionEntries).sort());
});

test("undefined is as if the flag were left out", () => {
  expect(make("maxEpochs", undefined).maxEpochs).toBe(1000);
});

test.each(["max_epochs", "epochs", "devices", "precision", "strategy"])(
  "the unknown flag %s is an error with the known ones",
  (flag) => {
    const { code, message } = errorOf(() => make(flag, 3));
    expect(code).toBe("UNKNOWN_OPTION");
    expect(message).toBe(
      `This Trainer has no option \`${flag}\`. Received: 3. It takes: ${Object.keys(flags).join(", ")}.`,
    );
  },
);
