import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { decodeCheckpoint, FulmineError, ModelCheckpoint, Trainer, type Callback } from "@fulmine/core";
import { portablePlatform, type Platform } from "@fulmine/core/plugin";
import { nodeFiles } from "@fulmine/core/node";
import { scripted, sixAndThree } from "../../support/scripted.js";

class OnDisk extends Trainer {
  protected override readonly platform: Platform = { ...portablePlatform, files: nodeFiles };
}

const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1 } as const;
const room = mkdtempSync(join(tmpdir(), "fulmine-saver-"));
let dirpath = room;
beforeEach(() => {
  dirpath = mkdtempSync(join(room, "run-"));
});
afterAll(() => rmSync(room, { recursive: true, force: true }));

const files = (): string[] =>
  readdirSync(dirpath, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ckpt") || name.endsWith(".tmp"))
    .sort();

/** Trains with scores by epochs, and counts the batches. */
async function train(
  saver: ModelCheckpoint,
  scores: readonly number[],
  checkpoint?: string,
): Promise<{ readonly steps: number; readonly error: unknown }> {
  let steps = 0;
  const count: Callback = { onTrainBatchEnd: () => void steps++ };
  const trainer = new OnDisk({ ...quiet, maxEpochs: scores.length, callbacks: [count, saver] });
  const fit = trainer.fit(scripted(scores), sixAndThree(), checkpoint === undefined ? {} : { checkpoint });
  const error: unknown = await fit.then(
    () => null,
    (reason: unknown) => reason,
  );
  trainer.dispose();
  return { steps, error };
}

describe("where files can't be written", () => {
  test("a run says so before its first step", async () => {
    writeFileSync(join(dirpath, "file"), "");
    const saver = new ModelCheckpoint({ dirpath: join(dirpath, "file", "folder") });
    const { steps, error } = await train(saver, [1]);
    expect(error).toBeInstanceOf(FulmineError);
    expect(error).toMatchObject({ code: "UNAVAILABLE", cause: { code: "ENOTDIR" } });
    expect(steps).toBe(0);
  });

  // In the place of the second epoch's folder lies a file.
  const make = (onError?: "stop" | "warn"): ModelCheckpoint => {
    writeFileSync(join(dirpath, "epoch=1"), "");
    const options = { dirpath, monitor: "score", filename: "{epoch}/best", saveTopK: 1 };
    return new ModelCheckpoint(onError === undefined ? options : { ...options, onError });
  };

  test("training stops, and the earlier checkpoint stays", async () => {
    const saver = make();
    const { steps, error } = await train(saver, [3, 2, 1]);
    expect(error).toMatchObject({ name: "FulmineError", code: "UNAVAILABLE" });
    expect(steps).toBe(12);
    expect(files()).toEqual(["epoch=0/best.ckpt"]);
    expect(saver.bestModelPath).toBe(join(dirpath, "epoch=0/best.ckpt"));
    await decodeCheckpoint(readFileSync(saver.bestModelPath));
  });

  test("training goes on with a warning where it is told to, and saves again when it can", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const saver = make("warn");
    const { steps, error } = await train(saver, [3, 2, 1]);
    const told = warn.mock.calls.map(([text]) => String(text));
    warn.mockRestore();
    expect(error).toBeNull();
    expect(steps).toBe(18);
    expect(told).toEqual([
      expect.stringContaining("ModelCheckpoint continues without saving: The file can't be written"),
    ]);
    expect(files()).toEqual(["epoch=2/best.ckpt"]);
    expect(saver.bestModelScore).toBe(1);
  });
});

describe("files of other runs", () => {
  test("a rerun leaves what an earlier run has written", async () => {
    const make = (): ModelCheckpoint => new ModelCheckpoint({ dirpath, filename: "{epoch}", saveLast: true });
    await train(make(), [1, 2]);
    const before = new Map(files().map((name) => [name, readFileSync(join(dirpath, name))]));
    const again = make();
    await train(again, [1, 2]);
    expect(files()).toEqual(["epoch=1-v1.ckpt", "epoch=1.ckpt", "last-v1.ckpt", "last.ckpt"]);
    for (const [name, content] of before) expect(readFileSync(join(dirpath, name))).toEqual(content);
    expect(again.lastModelPath).toBe(`${dirpath}/last-v1.ckpt`);
  });

  test("a rerun replaces its own one file, and no other", async () => {
    const make = (): ModelCheckpoint => new ModelCheckpoint({ dirpath, filename: "best" });
    await train(make(), [1]);
    const before = readFileSync(join(dirpath, "best.ckpt"));
    await train(make(), [1, 2, 3]);
    expect(files()).toEqual(["best-v1.ckpt", "best.ckpt"]);
    expect(readFileSync(join(dirpath, "best.ckpt"))).toEqual(before);
  });

  test("a resumed run keeps the file that it came from when better ones follow", async () => {
    const make = (): ModelCheckpoint =>
      new ModelCheckpoint({ dirpath, monitor: "score", filename: "{epoch}" });
    const first = make();
    await train(first, [5, 4]);
    expect(files()).toEqual(["epoch=1.ckpt"]);
    await train(make(), [5, 4, 3, 2], first.bestModelPath);
    expect(files()).toEqual(["epoch=1.ckpt", "epoch=3.ckpt"]);
  });

  test("a resumed run does not take a file that is gone for its best", async () => {
    const make = (): ModelCheckpoint =>
      new ModelCheckpoint({ dirpath, monitor: "score", filename: "{epoch}" });
    const first = make();
    await train(first, [1]);
    const renamed = join(dirpath, "kept.ckpt");
    renameSync(first.bestModelPath, renamed);
    const second = make();
    await train(second, [1, 5, 6], renamed);
    expect(second.bestCheckpoint).toMatchObject({ score: 5, epoch: 1 });
    expect(files()).toEqual(["epoch=1.ckpt", "kept.ckpt"]);
  });

  test("a checkpoint that names files of other folders removes none of them", async () => {
    const make = (): ModelCheckpoint =>
      new ModelCheckpoint({ dirpath, monitor: "score", filename: "{epoch}" });
    const first = make();
    await train(first, [5]);
    const victim = join(room, "victim");
    writeFileSync(victim, "");
    const checkpoint = await decodeCheckpoint(readFileSync(first.bestModelPath));
    const [[key, state] = ["", {}]] = Object.entries(checkpoint.callbacks);
    const callbacks = {
      [key]: { ...(state as object), scores: { [`${dirpath}/../victim`]: 9, [victim]: 8 } },
    };
    const trainer = new OnDisk({ ...quiet, maxEpochs: 3, callbacks: [make()] });
    await trainer.fit(scripted([5, 4, 3]), sixAndThree(), { checkpoint: { ...checkpoint, callbacks } });
    expect(readdirSync(room)).toContain("victim");
  });
});

test.each([
  ["epochs", { everyNEpochs: 2 }, [1, 2, 3], 18],
  ["steps", { everyNTrainSteps: 4 }, [1], 6],
])(
  "`saveLast` ends on the last step when saves are due after every so many %s",
  async (_, every, scores, end) => {
    const saver = new ModelCheckpoint({ dirpath, saveLast: true, ...every });
    await train(saver, scores);
    const { progress } = await decodeCheckpoint(readFileSync(saver.lastModelPath));
    expect(progress.globalStep).toBe(end);
  },
);

describe("nodeFiles", () => {
  test("writes through no link, and leaves no temporary file", async () => {
    const target = join(dirpath, "target");
    writeFileSync(target, "old");
    symlinkSync(target, join(dirpath, "a.ckpt"));
    await nodeFiles.write(join(dirpath, "a.ckpt"), new Uint8Array([1]));
    expect(readFileSync(target, "utf8")).toBe("old");
    expect(readdirSync(dirpath).sort()).toEqual(["a.ckpt", "target"]);
  });

  test("says what can't be written, and leaves nothing behind", async () => {
    mkdirSync(join(dirpath, "folder.ckpt", "inside"), { recursive: true });
    const path = join(dirpath, "folder.ckpt");
    for (const act of [() => nodeFiles.write(path, new Uint8Array(1)), () => nodeFiles.prepare(path)])
      await expect(act()).rejects.toMatchObject({ name: "FulmineError", code: "UNAVAILABLE" });
    expect(readdirSync(dirpath)).toEqual(["folder.ckpt"]);
  });
});
