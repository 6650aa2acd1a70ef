import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CsvLogger, JsonLinesLogger } from "@fulmine/core/node";
import { LrFinder } from "@fulmine/lr-finder";
import { typical } from "../../../lr-finder/test/support/sweeps.js";
import { WatchedRuns } from "../../src/watch/watchedRuns.js";
import { dir, write } from "../support/runFolder.js";

const idsIn = (folder: string): string[] => new WatchedRuns(folder).list().runs.map(({ id }) => id);

describe("the runs in a folder", () => {
  test("are those that the loggers write, in the order of their numbers", () => {
    for (const version of [10, 9]) new CsvLogger({ dir, name: "digits", version }).logMetrics({ loss: 1 }, 0);
    new JsonLinesLogger({ file: join(dir, "lines/run.jsonl") }).logMetrics({ loss: 1 }, 0);
    expect(idsIn(dir)).toEqual(["digits/version_9", "digits/version_10", "lines/run.jsonl"]);
    expect(idsIn(join(dir, "digits/version_9"))).toEqual(["."]);
  });

  test("are not the files of others, nor what is hidden, installed or linked", () => {
    write("data/metrics.csv", "name,value\na,1\n");
    write("data/other.csv", "lr\n1\n");
    write("data/package.json", "{}");
    write("data/hparams.json", "{}");
    write("data/other.jsonl", '{"text":"a"}\n');
    for (const folder of [".git", "node_modules/a"]) write(`${folder}/metrics.csv`, "step,loss\n1,1\n");
    const outside = write("../fulmine-watch-outside/metrics.csv", "step,loss\n1,1\n");
    symlinkSync(join(outside, ".."), join(dir, "linked"));
    try {
      expect(idsIn(dir)).toEqual([]);
    } finally {
      rmSync(join(outside, ".."), { recursive: true });
    }
  });

  test("are read by the names in the list alone", () => {
    const secret = write("runs/version_0/metrics.csv", "step,loss\n1,1\n");
    mkdirSync(join(dir, "watched"));
    const runs = new WatchedRuns(join(dir, "watched"));
    for (const id of ["../runs/version_0", join(secret, ".."), "", "constructor"])
      expect(runs.read(id)).toBeNull();
  });

  test("that are too deep are named", () => {
    const deep = Array.from({ length: 9 }, () => "d").join("/");
    write(`${deep}/metrics.csv`, "step,loss\n1,1\n");
    expect(new WatchedRuns(dir).list().notes).toEqual([`${deep} is too deep to be looked at.`]);
  });
});

describe("the values of a run", () => {
  test("are those that a CsvLogger logged, without the line that it is writing", () => {
    const logger = new CsvLogger({ dir, version: 0 });
    logger.logHyperparams({ lr: 0.1, optim: { name: "adam", betas: [0.9] } });
    for (let step = 1; step <= 25; step++) logger.logMetrics({ loss: step === 3 ? NaN : 1 / step }, step);
    logger.logMetrics({ 'a "b", c': Infinity, loss: -1 }, 4);
    logger.finalize();
    const file = join(logger.folder, "metrics.csv");
    const runs = new WatchedRuns(dir);
    const before = runs.read("version_0");
    expect(before?.hparams).toEqual({ lr: 0.1, "optim.name": "adam", "optim.betas": "[0.9]" });
    expect(before?.series["loss"]?.steps).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
    expect(before?.series["loss"]?.values.slice(0, 5)).toEqual([1, 1 / 2, null, -1, 1 / 5]);
    expect(before?.series['a "b", c']).toEqual({ steps: [4], values: [null] });
    expect(runs.read("version_0")).toBe(before);

    write("version_0/metrics.csv", "step,loss\n26,0.25\n27,0.1");
    expect(file).toBe(join(dir, "version_0/metrics.csv"));
    expect(runs.read("version_0")?.series["loss"]).toEqual({ steps: [26], values: [0.25] });
  });

  test("are those that a JsonLinesLogger logged", () => {
    const logger = new JsonLinesLogger({ file: join(dir, "run.jsonl") });
    logger.logHyperparams({ lr: 0.1 });
    logger.logMetrics({ loss: 0.5, acc: NaN }, 7);
    logger.logText("note", "text", 8);
    logger.finalize();
    write("other.jsonl", '{"step":1,"time":"","loss":2,"acc":null}\n{"step":2,"lo');
    const runs = new WatchedRuns(dir);
    expect(runs.read("run.jsonl")?.series).toEqual({
      acc: { steps: [7], values: [null] },
      loss: { steps: [7], values: [0.5] },
    });
    expect(runs.read("other.jsonl")?.series).toEqual({
      acc: { steps: [1], values: [null] },
      loss: { steps: [1], values: [2] },
    });
  });

  test("have searches: saved ones with their suggestion, tables with the rate of the hyperparameters", async () => {
    const finder = new LrFinder(typical);
    const logger = new CsvLogger({ dir, version: 0 });
    const found = finder.suggestion() ?? NaN;
    logger.logHyperparams({ optim: { lr: found } });
    await finder.log(logger);
    write("version_0/saved.json", JSON.stringify(finder));
    write("version_0/rows.csv", finder.toCsv());
    const searches = new WatchedRuns(dir).read("version_0")?.searches ?? [];
    const [table, rows, saved] = [...searches].sort((a, b) => a.name.localeCompare(b.name));
    const mark = { lr: found, label: "suggested by the rule auto" };
    const curve = { isLog: true, lr: finder.results.lr, smoothed: finder.results.smoothed };
    expect(rows).toMatchObject({ name: "rows", ...curve, mark });
    expect(saved).toMatchObject({ name: "saved", ...curve, mark });
    expect(table).toMatchObject({
      name: "lr_find",
      ...curve,
      mark: { lr: found, label: "hparams.optim.lr" },
    });
  });

  test("that can't be read are named, and the others are shown", () => {
    write("version_0/metrics.csv", "step,loss\n1,1\n");
    write("version_0/broken.json", '{"format":"fulmine-lr-search"');
    const run = new WatchedRuns(dir).read("version_0");
    expect(run?.series["loss"]?.values).toEqual([1]);
    expect(run?.troubles).toEqual([expect.stringMatching(/^version_0\/broken\.json: /)]);
  });
});
