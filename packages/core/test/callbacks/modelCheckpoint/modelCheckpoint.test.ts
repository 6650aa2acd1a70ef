import { describe, expect, test } from "vitest";
import {
  decodeCheckpoint,
  ModelCheckpoint,
  Trainer,
  type Callback,
  type Logger,
  type TrainerOptions,
} from "@fulmine/core";
import { FilingTrainer } from "../../support/filingTrainer.js";
import { scripted, sixAndThree } from "../../support/scripted.js";
import { makeTiny, TinyModule, weightsOf } from "../../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 4 } as const;

/** What stands in the folder, and what was done, without the folder's name. */
async function filesAfter(
  saver: ModelCheckpoint,
  scores: readonly number[] = [],
  options: TrainerOptions = {},
): Promise<{ files: string[]; done: string[] }> {
  const trainer = new FilingTrainer({
    ...quiet,
    ...options,
    callbacks: [saver, ...(options.callbacks ?? [])],
  });
  await trainer.fit(scripted(scores), sixAndThree());
  trainer.dispose();
  const short = (text: string): string => text.replace("./checkpoints/", "").replace(".ckpt", "");
  return { files: [...trainer.stored.keys()].map(short), done: trainer.done.map(short) };
}

describe("ModelCheckpoint", () => {
  test("keeps the latest, by epoch and step, when it is told nothing", async () => {
    const saver = new ModelCheckpoint();
    const { done } = await filesAfter(saver, [], { maxEpochs: 2 });
    expect(done).toEqual(["write epoch=0-step=6", "write epoch=1-step=12", "remove epoch=0-step=6"]);
    expect(saver.bestModelPath).toBe("./checkpoints/epoch=1-step=12.ckpt");
    expect(saver.bestModelScore).toBeNull();
  });

  test.each([
    ["the lowest", [3, 1, 2, 5], { saveTopK: 1 }, ["epoch=1"], 1],
    ["the highest", [3, 1, 5, 2], { saveTopK: 1, mode: "max" }, ["epoch=2"], 5],
    ["the lowest two", [3, 1, 2, 5], { saveTopK: 2 }, ["epoch=1", "epoch=2"], 1],
    ["all", [3, 1, 2, 5], { saveTopK: -1 }, ["epoch=0", "epoch=1", "epoch=2", "epoch=3"], 1],
    ["none", [3, 1, 2, 5], { saveTopK: 0 }, [], null],
    ["the first of a tie", [1, 1, 1, 1], { saveTopK: 1 }, ["epoch=0"], 1],
    ["a number rather than NaN", [NaN, 2, NaN, 3], { saveTopK: 1 }, ["epoch=1"], 2],
    ["NaN while there is room", [NaN, 2], { saveTopK: 2, mode: "max" }, ["epoch=0", "epoch=1"], 2],
  ] as const)("keeps %s", async (_, scores, given, files, best) => {
    const saver = new ModelCheckpoint({ monitor: "score", filename: "{epoch}", ...given });
    expect((await filesAfter(saver, scores, { maxEpochs: scores.length })).files.sort()).toEqual(files);
    expect(saver.bestModelScore).toBe(best);
  });

  test("tells the loggers of each file while it is there, and of those that are kept", async () => {
    const told: [path: string, bytes: number, kept: number, best: string][] = [];
    const logger: Logger = {
      logMetrics: () => undefined,
      logHyperparams: () => undefined,
      async afterSaveCheckpoint(path, { bestKModels, bestModelPath }, files) {
        const { length } = await files.read(path);
        told.push([path, length, Object.keys(bestKModels).length, bestModelPath]);
      },
    };
    const saver = new ModelCheckpoint({ monitor: "score", filename: "{score}", saveTopK: 2 });
    await filesAfter(saver, [3, 4, 5, 1], { logger });
    const size: unknown = expect.toSatisfy((bytes: number) => bytes > 100);
    const path = (score: number): string => `./checkpoints/score=${score}.ckpt`;
    expect(told).toEqual([
      [path(3), size, 1, path(3)],
      [path(4), size, 2, path(3)],
      [path(1), size, 2, path(1)],
    ]);
  });

  test("removes a file only when its follower is written", async () => {
    const saver = new ModelCheckpoint({ monitor: "score", filename: "{score}" });
    expect((await filesAfter(saver, [3, 4, 2, 1])).done).toEqual([
      "write score=3",
      "write score=2",
      "remove score=3",
      "write score=1",
      "remove score=2",
    ]);
  });

  test("does not remove the one file that is written again and again", async () => {
    const saver = new ModelCheckpoint({ monitor: "score", filename: "best" });
    expect((await filesAfter(saver, [3, 2, 1, 0])).done).toEqual(Array(4).fill("write best"));
  });

  test("tells files of one name apart", async () => {
    const saver = new ModelCheckpoint({ monitor: "score", filename: "best", saveTopK: 2 });
    expect((await filesAfter(saver, [3, 2, 1], { maxEpochs: 3 })).done).toEqual([
      "write best",
      "write best-v1",
      "write best-v2",
      "remove best",
    ]);
  });

  test("fills in names with their formats", async () => {
    const named = (filename: string, autoInsertMetricName = true): Promise<{ files: string[] }> =>
      filesAfter(new ModelCheckpoint({ filename, autoInsertMetricName }), [0.12345], { maxEpochs: 1 });
    expect((await named("{epoch:03d}-{score:.2f}")).files).toEqual(["epoch=000-score=0.12"]);
    expect((await named("a {step}/{score:.1e}", false)).files).toEqual(["a 6/1.2e-1"]);
    expect((await named("{nothing}")).files).toEqual(["nothing=NaN"]);
  });

  test("saves last.ckpt whether or not it is among the best", async () => {
    const saver = new ModelCheckpoint({ monitor: "score", filename: "{epoch}", saveLast: true });
    const { files, done } = await filesAfter(saver, [1, 2, 3, 4]);
    expect(files).toEqual(["epoch=0", "last"]);
    expect(done.filter((what) => what === "write last")).toHaveLength(4);
    expect(saver.lastModelPath).toBe("./checkpoints/last.ckpt");
  });

  test("saves into its folder, or that of the Trainer", async () => {
    const inOwn = new ModelCheckpoint({ dirpath: "/elsewhere" });
    await filesAfter(inOwn, [], { maxEpochs: 1 });
    expect(inOwn.bestModelPath).toBe("/elsewhere/epoch=0-step=6.ckpt");
    const inRoot = new ModelCheckpoint();
    await filesAfter(inRoot, [], { maxEpochs: 1, defaultRootDir: "/runs" });
    expect(inRoot.bestModelPath).toBe("/runs/checkpoints/epoch=0-step=6.ckpt");
  });

  test("saves after every so many epochs", async () => {
    const saver = new ModelCheckpoint({ everyNEpochs: 2, saveTopK: -1, filename: "{epoch}" });
    expect((await filesAfter(saver)).files).toEqual(["epoch=1", "epoch=3"]);
  });

  test("saves after every so many steps, also when gradients are gathered", async () => {
    const steps = async (everyNTrainSteps: number, options: TrainerOptions): Promise<string[]> =>
      (
        await filesAfter(new ModelCheckpoint({ everyNTrainSteps, saveTopK: -1, filename: "{step}" }), [], {
          maxEpochs: 2,
          ...options,
        })
      ).files;
    expect(await steps(4, {})).toEqual(["step=4", "step=8", "step=12"]);
    expect(await steps(2, { accumulateGradBatches: 2 })).toEqual(["step=2", "step=4", "step=6"]);
    expect(await steps(3, { accumulateGradBatches: 4 })).toEqual(["step=3"]);
  });

  test("saves by steps before the first validation only what needs no metric", async () => {
    const saver = new ModelCheckpoint({
      monitor: "score",
      everyNTrainSteps: 2,
      filename: "{step}",
      saveLast: true,
    });
    const { done } = await filesAfter(saver, [2, 1], { maxEpochs: 2, numSanityValSteps: 1 });
    expect(done[0]).toBe("write last");
    expect(done).toContain("write step=8");
    expect(done).not.toContain("write step=2");
  });

  test("puts a save off while gradients are gathered", async () => {
    const saver = new ModelCheckpoint({ filename: "{step}", saveTopK: -1 });
    const options = { maxEpochs: 1, valCheckInterval: 3, accumulateGradBatches: 2 };
    // Validated after batches 3 and 6, with steps after batches 2, 4 and 6.
    expect((await filesAfter(saver, [], options)).files).toEqual(["step=2", "step=3"]);
  });

  test("counts no sanity check, no fastDevRun and no epoch that was broken off", async () => {
    const controller = new AbortController();
    const abort: Callback = { onTrainBatchEnd: () => controller.abort() };
    const make = (): ModelCheckpoint => new ModelCheckpoint({ saveOnTrainEpochEnd: false });
    expect((await filesAfter(make(), [], { fastDevRun: true })).done).toEqual([]);
    const broken = await filesAfter(make(), [], { callbacks: [abort], signal: controller.signal });
    expect(broken.done).toEqual([]);
    const one = await filesAfter(make(), [], { maxEpochs: 1 });
    expect(one.done).toEqual(["write epoch=0-step=6"]);
  });

  test("is called after all others, so that what they did is saved", async () => {
    const order: string[] = [];
    const saver = Object.assign(new ModelCheckpoint(), { onSaveCheckpoint: () => void order.push("save") });
    const other: Callback = { onTrainEpochEnd: () => void order.push("other") };
    await filesAfter(saver, [], { maxEpochs: 1, callbacks: [other] });
    expect(order).toEqual(["other", "save"]);
  });

  test("names the metrics that are there when its own is not", async () => {
    await expect(filesAfter(new ModelCheckpoint({ monitor: "scor" }))).rejects.toThrow(
      /`ModelCheckpoint` monitors `scor`, which has not been logged.*score/,
    );
  });

  test("refuses wrong settings", () => {
    expect(() => new ModelCheckpoint({ saveTopK: -2 })).toThrow("`saveTopK` of `ModelCheckpoint` must be");
    expect(() => new ModelCheckpoint({ filename: "{epoch:5x}" })).toThrow("unknown format");
    expect(() => new ModelCheckpoint({ everyNEpochs: 1, everyNTrainSteps: 5 })).toThrow("not by both");
  });

  test("needs files, and says so before the first step", async () => {
    let steps = 0;
    const count: Callback = { onTrainBatchStart: () => void steps++ };
    const trainer = new Trainer({ ...quiet, callbacks: [count, new ModelCheckpoint()] });
    await expect(trainer.fit(scripted([]), sixAndThree())).rejects.toThrow("no access to files");
    expect(steps).toBe(0);
  });
});

describe("a run resumed from a saved file", () => {
  test("ends with the same weights, files and best", async () => {
    const scores = [4, 3, 5, 2, 6, 1];
    const make = (): ModelCheckpoint =>
      new ModelCheckpoint({ monitor: "score", filename: "{epoch}", saveTopK: 2, saveLast: true });
    const whole = new FilingTrainer({ ...quiet, maxEpochs: 6, callbacks: [make()] });
    const wanted = scripted(scores);
    await whole.fit(wanted, sixAndThree());

    const first = new FilingTrainer({ ...quiet, maxEpochs: 3, callbacks: [make()] });
    await first.fit(scripted(scores), sixAndThree());
    const saver = make();
    const second = new FilingTrainer({ ...quiet, maxEpochs: 6, callbacks: [saver] });
    for (const [path, content] of first.stored) second.stored.set(path, content);
    const model = scripted(scores);
    await second.fit(model, sixAndThree(), { checkpoint: "./checkpoints/last.ckpt" });

    expect(weightsOf(model)).toEqual(weightsOf(wanted));
    expect([...second.stored.keys()].sort()).toEqual([...whole.stored.keys()].sort());
    expect(saver.bestKModels).toEqual({ "./checkpoints/epoch=3.ckpt": 2, "./checkpoints/epoch=5.ckpt": 1 });
    const saved = await decodeCheckpoint(second.stored.get(saver.bestModelPath) ?? new Uint8Array());
    expect(saved.progress.currentEpoch).toBe(5);
  });

  test("leaves alone what lies in another folder", async () => {
    const first = new FilingTrainer({
      ...quiet,
      maxEpochs: 1,
      callbacks: [new ModelCheckpoint({ dirpath: "/a" })],
    });
    await first.fit(makeTiny(TinyModule), sixAndThree());
    const second = new FilingTrainer({
      ...quiet,
      maxEpochs: 2,
      callbacks: [new ModelCheckpoint({ dirpath: "/b" })],
    });
    const [path = ""] = first.stored.keys();
    second.stored.set(path, first.stored.get(path) ?? new Uint8Array());
    await second.fit(makeTiny(TinyModule), sixAndThree(), { checkpoint: path });
    expect([...second.stored.keys()]).toEqual([path, "/b/epoch=1-step=12.ckpt"]);
  });
});

describe("enableCheckpointing", () => {
  test("saves after each epoch when no callback does", async () => {
    const trainer = new FilingTrainer({ ...quiet, maxEpochs: 2, enableCheckpointing: true });
    await trainer.fit(scripted([]), sixAndThree());
    expect([...trainer.stored.keys()]).toEqual(["./checkpoints/epoch=1-step=12.ckpt"]);
  });

  test("adds nothing to a callback that saves", async () => {
    const callbacks = [new ModelCheckpoint({ dirpath: "/own" })];
    const trainer = new FilingTrainer({ ...quiet, maxEpochs: 1, enableCheckpointing: true, callbacks });
    await trainer.fit(scripted([]), sixAndThree());
    expect([...trainer.stored.keys()]).toEqual(["/own/epoch=0-step=6.ckpt"]);
  });

  test("as false refuses a callback that saves", async () => {
    const callbacks = [new ModelCheckpoint()];
    const trainer = new FilingTrainer({ ...quiet, enableCheckpointing: false, callbacks });
    await expect(trainer.fit(scripted([]), sixAndThree())).rejects.toThrow(
      "`enableCheckpointing` is false, and a callback saves checkpoints.",
    );
  });

  test("two callbacks that would keep their states under one key are refused", async () => {
    const trainer = new FilingTrainer({
      ...quiet,
      callbacks: [new ModelCheckpoint(), new ModelCheckpoint()],
    });
    await expect(trainer.fit(scripted([]), sixAndThree())).rejects.toThrow("have the same `stateKey`");
  });
});
