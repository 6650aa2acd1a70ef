import { expect, test } from "vitest";
import { runLength } from "../../src/loops/runLength.js";

const input = { maxEpochs: 3, batches: 10, accumulateGradBatches: 4, isManual: false };
const unknown = { step: undefined, epoch: undefined };

test("epochs of a known length have a known number of steps", () => {
  expect(runLength({}, input)).toEqual({ step: 9, epoch: 3 });
  expect(runLength({ maxSteps: 5 }, input)).toEqual({ step: 5, epoch: 2 });
  expect(runLength({ maxSteps: 50 }, input)).toEqual({ step: 9, epoch: 3 });
  expect(runLength({ maxSteps: 7 }, { ...input, maxEpochs: Infinity })).toEqual({ step: 7, epoch: 3 });
  expect(runLength({ fastDevRun: 2 }, { ...input, maxEpochs: 1 })).toEqual({ step: 2, epoch: 1 });
});

test("without a length of the data, or with manual steps, only the limit in the same unit is known", () => {
  for (const given of [
    { ...input, batches: null },
    { ...input, isManual: true },
  ]) {
    expect(runLength({}, given)).toEqual({ step: undefined, epoch: 3 });
    expect(runLength({ maxSteps: 5 }, given)).toEqual({ step: 5, epoch: undefined });
  }
});

test("a run that only its time or a stop ends has no known length", () => {
  expect(runLength({ maxTime: "1h" }, { ...input, maxEpochs: Infinity })).toEqual(unknown);
});
