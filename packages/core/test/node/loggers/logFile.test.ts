import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { Trainer, type Logger } from "@fulmine/core";
import { CsvLogger, JsonLinesLogger, TensorBoardLogger } from "@fulmine/core/node";
import { makeLoader, makeTiny, TinyModule } from "../../support/tinyModule.js";
import { dir } from "../../support/loggerFolder.js";

const NOON = new Date("2026-01-31T12:00:00Z");

describe("rows reach the disk", () => {
  const linesIn = (file: string): number => readFileSync(file, "utf8").split("\n").length - 1;

  test("all but the last few while a run lasts, and all when it ends", () => {
    vi.useFakeTimers({ now: NOON, toFake: ["Date"] });
    const file = join(dir, "run.jsonl");
    const logger = new JsonLinesLogger({ file });
    for (let step = 0; step < 1005; step++) {
      logger.logMetrics({ loss: step }, step);
      expect(linesIn(file)).toBeGreaterThan(step - 20);
    }
    expect(linesIn(file)).toBeLessThan(1005);
    logger.finalize();
    expect(linesIn(file)).toBe(1005);
  });

  test("at once when the last one was a second ago", () => {
    vi.useFakeTimers({ now: NOON, toFake: ["Date"] });
    const file = join(dir, "run.jsonl");
    const logger = new JsonLinesLogger({ file });
    for (let step = 1; step <= 5; step++) {
      logger.logMetrics({ loss: step }, step);
      expect(linesIn(file)).toBe(step);
      vi.setSystemTime(Date.now() + 1000);
    }
  });

  test("with no file left open", ({ skip }) => {
    if (!existsSync("/dev/fd")) skip("this system doesn't list open files");
    const open = (): number => readdirSync("/dev/fd").length;
    const loggers = Array.from({ length: 20 }, () => [
      new CsvLogger({ dir }),
      new TensorBoardLogger({ dir }),
    ]);
    const before = open();
    for (const logger of loggers.flat()) logger.logMetrics({ loss: 1 }, 0);
    expect(open()).toBe(before);
  });
});

describe("a path that can't be written", () => {
  test.each<[name: string, make: (path: string) => Logger]>([
    ["CsvLogger", (path) => new CsvLogger({ dir: path })],
    ["JsonLinesLogger", (path) => new JsonLinesLogger({ file: join(path, "run.jsonl") })],
    ["TensorBoardLogger", (path) => new TensorBoardLogger({ dir: path, name: "digits", version: 1 })],
  ])("fails a run with a %s before its first step", async (_name, make) => {
    writeFileSync(join(dir, "file"), "");
    let steps = 0;
    class Counting extends TinyModule {
      override trainingStep(...args: Parameters<TinyModule["trainingStep"]>) {
        steps++;
        return super.trainingStep(...args);
      }
    }
    const logger = make(join(dir, "file", "runs"));
    const trainer = new Trainer({ maxEpochs: 1, enableProgressBar: false, logger });
    const fit = trainer.fit(makeTiny(Counting), { train: makeLoader() });
    await expect(fit).rejects.toThrow(/A logger can't write there: ENOTDIR.*Received: ".*runs/);
    await expect(fit).rejects.toMatchObject({ code: "INVALID_OPTION", cause: { code: "ENOTDIR" } });
    expect(steps).toBe(0);
  });

  test("is told when the disk is full", ({ skip }) => {
    if (!existsSync("/dev/full")) skip("this system has no /dev/full");
    const logger = new JsonLinesLogger({ file: "/dev/full" });
    expect(() => logger.logHyperparams({})).toThrow(/can't write there: ENOSPC/);
    expect(() => logger.finalize()).not.toThrow();
  });
});
