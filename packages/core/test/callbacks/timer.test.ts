import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Timer, Trainer, type Callback, type Checkpoint, type TrainerOptions } from "@fulmine/core";
import { sixAndThree } from "../support/scripted.js";
import { makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1 } as const;

/** A clock that goes on by a second with each training batch, and by a tenth with each held-out one. */
let now = 0;
const clock: Callback = {
  onTrainBatchStart: () => void (now += 1000),
  onValidationBatchStart: () => void (now += 100),
  onTestBatchStart: () => void (now += 10),
};

beforeEach(() => {
  now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function stepsUntil(
  callbacks: readonly Callback[],
  options: TrainerOptions = {},
  checkpoint?: Checkpoint,
) {
  const trainer = new Trainer({
    ...quiet,
    numSanityValSteps: 0,
    ...options,
    callbacks: [clock, ...callbacks],
  });
  const from = checkpoint === undefined ? {} : { checkpoint };
  return trainer.fit(makeTiny(TinyModule), { train: sixAndThree().train }, from);
}

describe("Timer", () => {
  test("ends training after its time, written either way", async () => {
    for (const duration of ["00:00:00:04", { seconds: 4 }, { minutes: 4 / 60 }])
      expect(await stepsUntil([new Timer({ duration })])).toMatchObject({ steps: 4, status: "stopped" });
  });

  test("looks at it only after epochs when told so", async () => {
    const timer = new Timer({ duration: { seconds: 4 }, interval: "epoch" });
    expect((await stepsUntil([timer])).steps).toBe(6);
  });

  test("takes the time of training, of its validations and of tests", async () => {
    const timer = new Timer();
    const trainer = new Trainer({ ...quiet, maxEpochs: 2, numSanityValSteps: 0, callbacks: [clock, timer] });
    const model = Object.assign(makeTiny(TinyModule), { testStep: () => undefined });
    await trainer.fit(model, sixAndThree());
    await trainer.test(model, sixAndThree().val);
    expect(timer.timeElapsed("train")).toBeCloseTo(12.6, 9);
    expect(timer.timeElapsed("validate")).toBeCloseTo(0.6, 9);
    expect(timer.timeElapsed("test")).toBeCloseTo(0.03, 9);
    expect(timer.timeRemaining()).toBeNull();
  });

  test.each([
    ["as a callback", {}, () => [new Timer({ duration: { seconds: 8 } })]],
    ["as maxTime", { maxTime: { seconds: 8 } }, () => []],
  ] as const)("counts on in a resumed run %s", async (_, options, make) => {
    let checkpoint: Checkpoint | undefined;
    const save: Callback = {
      onTrainBatchEnd: async (trainer) => {
        if (trainer.globalStep === 5) checkpoint = await trainer.checkpoint();
      },
    };
    expect((await stepsUntil([...make(), save], options)).steps).toBe(8);
    now = 1e6;
    expect((await stepsUntil(make(), options, checkpoint)).steps).toBe(8);
  });

  test("ends at once when a resumed run has no time left", async () => {
    let checkpoint: Checkpoint | undefined;
    const save: Callback = {
      onTrainBatchEnd: async (trainer) => {
        checkpoint ??= trainer.globalStep === 3 ? await trainer.checkpoint() : undefined;
      },
    };
    await stepsUntil([new Timer(), save], { maxEpochs: 1 });
    const timer = new Timer({ duration: { seconds: 2 } });
    expect((await stepsUntil([timer], {}, checkpoint)).steps).toBe(3);
    expect(timer.timeRemaining()).toBe(-1);
  });

  test("refuses what is no time", () => {
    expect(() => new Timer({ duration: "4 minutes" })).toThrow('`duration` of `Timer` must be "DD:HH:MM:SS"');
    expect(() => new Timer({ duration: {} })).toThrow("`duration` of `Timer` must be");
  });
});
