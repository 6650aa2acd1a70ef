import { describe, expect, test } from "vitest";
import {
  EarlyStopping,
  Trainer,
  type Callback,
  type Checkpoint,
  type EarlyStoppingOptions,
  type TrainerOptions,
} from "@fulmine/core";
import { scripted, sixAndThree } from "../support/scripted.js";

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 8 } as const;

async function epochsUntilStop(
  scores: readonly number[],
  given: Partial<EarlyStoppingOptions>,
  options: TrainerOptions = {},
): Promise<{ epochs: number; stopping: EarlyStopping }> {
  const stopping = new EarlyStopping({ monitor: "score", ...given });
  const trainer = new Trainer({ ...quiet, ...options, callbacks: [stopping] });
  const { epochs } = await trainer.fit(scripted(scores), sixAndThree());
  trainer.dispose();
  return { epochs, stopping };
}

describe("early stopping ends training", () => {
  test.each([
    ["after 3 checks without improvement, unless told otherwise", [5, 4, 4.5, 4.5, 4.5, 1], {}, 5],
    ["after `patience` checks without improvement", [5, 4, 4.5, 3, 4, 4, 1], { patience: 2 }, 6],
    ["when a metric to rise has not risen", [1, 2, 1.5, 1.5, 9], { mode: "max", patience: 2 }, 4],
    ["when a tie is no improvement", [5, 5, 5, 1], { patience: 2 }, 3],
    ["when a gain below minDelta is none", [5, 4.9, 4.8, 1], { patience: 2, minDelta: 0.5 }, 3],
    ["when a gain just minDelta is none", [5, 4.5, 1], { patience: 1, minDelta: 0.5 }, 2],
    ["when a rise below minDelta is none", [5, 5.1, 9], { patience: 1, minDelta: 0.5, mode: "max" }, 2],
    ["as soon as it is better than stoppingThreshold", [5, 0.5, 4], { stoppingThreshold: 1 }, 2],
    ["as soon as it is worse than divergenceThreshold", [5, 11, 4], { divergenceThreshold: 10 }, 2],
    ["as soon as a metric to rise is too low", [5, -1, 4], { mode: "max", divergenceThreshold: 0 }, 2],
    ["at NaN", [5, NaN, 1], {}, 2],
    ["at infinity", [5, Infinity, 1], {}, 2],
    ["never, while it improves", [8, 7, 6, 5, 4, 3, 2, 1], { patience: 1 }, 8],
    ["later than at NaN without checkFinite", [5, NaN, 4, NaN, NaN], { checkFinite: false, patience: 2 }, 5],
    ["even when the first is NaN", [NaN, 5, 6, 6], { checkFinite: false, patience: 2 }, 4],
  ] as const)("%s", async (_, scores, given, expected) => {
    expect((await epochsUntilStop(scores, given)).epochs).toBe(expected);
  });

  test("and says why, when, and what was the best", async () => {
    const { stopping } = await epochsUntilStop([5, 4, 6, 7], { patience: 2 });
    expect(stopping).toMatchObject({ stoppedEpoch: 3, bestScore: 4, waitCount: 2 });
    expect(stopping.stoppingReason).toBe("`score` has not improved in 2 checks; its best was 4.");
  });

  test("not before minEpochs", async () => {
    expect((await epochsUntilStop([1, 2, 3, 4], { patience: 1 }, { minEpochs: 5 })).epochs).toBe(5);
  });

  test("counting only epochs with a validation, when there are others", async () => {
    const every2 = { checkValEveryNEpoch: 2 };
    expect((await epochsUntilStop([9, 1, 9, 2, 9, 3, 9, 4], { patience: 2 }, every2)).epochs).toBe(6);
  });

  test("within an epoch, when validations are", async () => {
    const stopping = new EarlyStopping({ monitor: "score", patience: 2 });
    const trainer = new Trainer({ ...quiet, valCheckInterval: 2, callbacks: [stopping] });
    expect((await trainer.fit(scripted([1]), sixAndThree())).steps).toBe(6);
    expect(stopping.stoppedEpoch).toBe(0);
  });

  test("by a training metric, with and without validation", async () => {
    for (const data of [sixAndThree(), { train: sixAndThree().train }]) {
      const callbacks = [new EarlyStopping({ monitor: "score", patience: 1 })];
      const trainer = new Trainer({ ...quiet, callbacks });
      expect((await trainer.fit(scripted([1, 2, 3], "training"), data)).epochs).toBe(2);
    }
  });

  test("anew in each fit", async () => {
    const callbacks = [new EarlyStopping({ monitor: "score", patience: 2 })];
    const trainer = new Trainer({ ...quiet, callbacks });
    for (let run = 0; run < 2; run++)
      expect((await trainer.fit(scripted([1, 2, 3, 4]), sixAndThree())).epochs).toBe(3);
  });
});

describe("a metric that nobody has logged", () => {
  test("is an error that names those that are", async () => {
    const trainer = new Trainer({ ...quiet, callbacks: [new EarlyStopping({ monitor: "val_los" })] });
    await expect(trainer.fit(scripted([1]), sixAndThree())).rejects.toThrow(
      /`EarlyStopping` monitors `val_los`, which has not been logged\..*score, val_loss/,
    );
  });

  test("is no matter without `strict`", async () => {
    expect((await epochsUntilStop([1], { monitor: "nothing", strict: false })).epochs).toBe(8);
  });

  test("is no matter in an epoch that was broken off", async () => {
    const controller = new AbortController();
    const abort: Callback = { onTrainBatchEnd: () => controller.abort() };
    const callbacks = [abort, new EarlyStopping({ monitor: "score" })];
    const trainer = new Trainer({ ...quiet, callbacks, signal: controller.signal, numSanityValSteps: 0 });
    expect((await trainer.fit(scripted([1]), sixAndThree())).status).toBe("interrupted");
  });

  test("is no matter with fastDevRun", async () => {
    expect((await epochsUntilStop([1], { monitor: "nothing" }, { fastDevRun: true })).epochs).toBe(1);
  });
});

test("early stopping goes on from a checkpoint with what it has counted", async () => {
  const scores = [5, 4, 6, 6, 6];
  const saved: Checkpoint[] = [];
  const save: Callback = {
    role: "checkpoint",
    onTrainEpochEnd: async (trainer) => void saved.push(await trainer.checkpoint()),
  };
  const make = (): EarlyStopping => new EarlyStopping({ monitor: "score" });
  const callbacks = [make(), save];
  await new Trainer({ ...quiet, callbacks }).fit(scripted(scores), sixAndThree());
  const resumed = make();
  const { epochs } = await new Trainer({ ...quiet, callbacks: [resumed] }).fit(
    scripted(scores),
    sixAndThree(),
    saved[2] === undefined ? {} : { checkpoint: saved[2] },
  );
  expect({ epochs, best: resumed.bestScore, wait: resumed.waitCount }).toEqual({
    epochs: 5,
    best: 4,
    wait: 3,
  });
});

test("wrong settings are errors that name them", () => {
  const make = (options: object) => () => new EarlyStopping({ monitor: "val_loss", ...options });
  expect(make({ monitor: "" })).toThrow("`monitor` of `EarlyStopping` must be the name of a logged metric");
  expect(make({ mode: "auto" })).toThrow('`mode` of `EarlyStopping` must be "min" or "max"');
  expect(make({ patience: 0 })).toThrow("`patience` of `EarlyStopping` must be");
  expect(make({ minDelta: -1 })).toThrow("`minDelta` of `EarlyStopping` must be");
  expect(make({ pacience: 3 })).toThrow("`EarlyStopping` has no option `pacience`");
});

test("a metric that the module logs only when an epoch has ended is there to be watched", async () => {
  const module = scripted([]);
  module.onTrainEpochEnd = () => module.log("late", module.trainer?.currentEpoch ?? 0);
  const callbacks = [new EarlyStopping({ monitor: "late", patience: 2 })];
  const trainer = new Trainer({ ...quiet, callbacks });
  expect((await trainer.fit(module, { train: sixAndThree().train })).epochs).toBe(3);
});
