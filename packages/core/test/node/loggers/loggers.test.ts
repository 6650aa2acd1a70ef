import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FulmineError, HistoryLogger, Trainer, type Logger } from "@fulmine/core";
import { CsvLogger, JsonLinesLogger, TensorBoardLogger } from "@fulmine/core/node";
import { makeLoader, makeTiny, TinyModule } from "../../support/tinyModule.js";

const NOON = new Date("2026-01-31T12:00:00Z");

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "fulmine-loggers-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dir, { recursive: true, force: true });
});

const read = (...parts: string[]): string => readFileSync(join(dir, ...parts), "utf8");

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof FulmineError) return error.code;
    throw error;
  }
  return "nothing was thrown";
}

describe("a CSV logger", () => {
  test("widens its header when a metric comes up, and leaves missing cells empty", () => {
    const logger = new CsvLogger({ dir });
    logger.logHyperparams({ optim: { lr: 0.1 }, decay: NaN });
    logger.logMetrics({ loss: 0.5, acc: 0 }, 0);
    logger.logMetrics({ loss: 1e-7 }, 50);
    logger.logMetrics({ val_loss: NaN, 'a "quoted", name': -Infinity }, 50);
    logger.logMetrics({ acc: 1, loss: 0.25 }, 100);
    logger.finalize();
    expect(read("version_0", "metrics.csv")).toBe(
      [
        'step,loss,acc,val_loss,"a ""quoted"", name"',
        "0,0.5,0,,",
        "50,1e-7,,,",
        "50,,,NaN,-Infinity",
        "100,0.25,1,,",
        "",
      ].join("\n"),
    );
    expect(JSON.parse(read("version_0", "hparams.json"))).toEqual({ optim: { lr: 0.1 }, decay: "NaN" });
    expect(readdirSync(logger.folder).sort()).toEqual(["hparams.json", "metrics.csv"]);
  });

  test("adds to a run that is there, without the row that a killed process left unfinished", () => {
    const first = new CsvLogger({ dir, version: 3 });
    first.logMetrics({ 'odd,\n"name"': 1, loss: 2 }, 0);
    first.finalize();
    appendFileSync(join(dir, "version_3", "metrics.csv"), "50,0.1");
    const second = new CsvLogger({ dir, version: "version_3" });
    second.logMetrics({ loss: 3 }, 50);
    second.logMetrics({ acc: 4 }, 100);
    second.finalize();
    expect(read("version_3", "metrics.csv")).toBe(
      'step,"odd,\n""name""",loss,acc\n0,1,2,\n50,,3,\n100,,,4\n',
    );
  });

  test("is used again after it was finalized", () => {
    const logger = new CsvLogger({ dir });
    logger.logMetrics({ loss: 1 }, 0);
    logger.finalize();
    logger.logMetrics({ loss: 2, acc: 3 }, 1);
    logger.finalize();
    expect(read("version_0", "metrics.csv")).toBe("step,loss,acc\n0,1,\n1,2,3\n");
  });

  test("does not add to a file of somebody else's", () => {
    const path = join(dir, "version_0", "metrics.csv");
    mkdirSync(join(dir, "version_0"));
    writeFileSync(path, "name,age\nAda,36\n");
    expect(codeOf(() => new CsvLogger({ dir, version: 0 }).logHyperparams({}))).toBe("INVALID_DATA");
    expect(readFileSync(path, "utf8")).toBe("name,age\nAda,36\n");
  });

  test("writes tables to files of their own", () => {
    const logger = new CsvLogger({ dir });
    logger.logTable("lr_find/epoch_3", { lr: [0.1, 0.2], loss: [2.5, NaN] });
    logger.logTable("lr_find/epoch_3", { lr: [1e-8], loss: [3] });
    logger.logTable("empty", { lr: [] });
    expect(read("version_0", "lr_find_epoch_3.csv")).toBe("lr,loss\n1e-8,3\n");
    expect(read("version_0", "empty.csv")).toBe("lr\n");
    expect(codeOf(() => logger.logTable("metrics", { lr: [1] }))).toBe("INVALID_STEP");
    expect(readdirSync(logger.folder).sort()).toEqual(["empty.csv", "lr_find_epoch_3.csv"]);
  });

  test("refuses a metric by the name of its own column", () => {
    expect(codeOf(() => new CsvLogger({ dir }).logMetrics({ step: 1 }, 0))).toBe("INVALID_STEP");
  });
});

describe("a JSON lines logger", () => {
  test("writes an object a line", () => {
    vi.useFakeTimers({ now: NOON, toFake: ["Date"] });
    const logger = new JsonLinesLogger({ file: join(dir, "deep", "run.jsonl") });
    logger.logHyperparams({ lr: 0.1, betas: Float32Array.of(0.5, 1) });
    logger.logMetrics({ loss: 0.5, gap: NaN, far: -Infinity }, 50);
    logger.logText("sample", "größe\n", 50);
    logger.finalize();
    const time = '"time":"2026-01-31T12:00:00.000Z"';
    expect(read("deep", "run.jsonl")).toBe(
      [
        `{${time},"hparams":{"lr":0.1,"betas":[0.5,1]}}`,
        `{"step":50,${time},"loss":0.5,"gap":"NaN","far":"-Infinity"}`,
        `{"step":50,${time},"name":"sample","text":"größe\\n"}`,
        "",
      ].join("\n"),
    );
  });

  test.each([
    ["takes away a line that a killed process left unfinished", '{"step":1}\n{"step":2,"lo', '{"step":1}\n'],
    ["ends a line that lacks its break", '{"step":1}\n{"step":2}', '{"step":1}\n{"step":2}\n'],
    ["keeps a file as it is", '{"step":1}\n', '{"step":1}\n'],
  ])("%s before it adds to it", (_what, before, kept) => {
    const file = join(dir, "run.jsonl");
    writeFileSync(file, before);
    const logger = new JsonLinesLogger({ file });
    logger.logText("note", "on", 3);
    logger.finalize();
    const text = readFileSync(file, "utf8");
    expect(text.slice(0, kept.length)).toBe(kept);
    expect(JSON.parse(text.slice(kept.length))).toMatchObject({ step: 3, text: "on" });
  });

  test("refuses metrics by the names of its own fields", () => {
    const logger = new JsonLinesLogger({ file: join(dir, "run.jsonl") });
    expect(codeOf(() => logger.logMetrics({ time: 1 }, 0))).toBe("INVALID_STEP");
    expect(existsSync(join(dir, "run.jsonl"))).toBe(false);
  });
});

describe("a run's folder", () => {
  test("has a number one above the last, and only when something is logged", () => {
    mkdirSync(join(dir, "digits", "version_9"), { recursive: true });
    mkdirSync(join(dir, "digits", "version_x"));
    const loggers = [1, 2, 3].map(() => new CsvLogger({ dir, name: "digits" }));
    expect(readdirSync(join(dir, "digits"))).toHaveLength(2);
    expect(loggers.map(({ folder }) => folder)).toEqual(
      [10, 11, 12].map((version) => join(dir, "digits", `version_${version}`)),
    );
  });

  test("is shared by loggers when one is given the other's version", () => {
    const csv = new CsvLogger({ dir });
    const board = new TensorBoardLogger({ dir, version: csv.version });
    expect(board.folder).toBe(csv.folder);
  });
});

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

describe("options", () => {
  /** As a program in JavaScript could. */
  const construct = (Type: typeof CsvLogger | typeof JsonLinesLogger, options: object): unknown =>
    Reflect.construct(Type, [options]);

  test.each<[code: string, what: string, make: () => unknown]>([
    ["INVALID_OPTION", "no dir", () => construct(CsvLogger, {})],
    ["INVALID_OPTION", "an empty dir", () => new TensorBoardLogger({ dir: "" })],
    ["INVALID_OPTION", "a negative version", () => new CsvLogger({ dir, version: -1 })],
    ["INVALID_OPTION", "no file", () => construct(JsonLinesLogger, { file: 3 })],
    ["UNKNOWN_OPTION", "folder", () => construct(CsvLogger, { dir, folder: "x" })],
    ["UNKNOWN_OPTION", "dir", () => construct(JsonLinesLogger, { file: "x", dir })],
  ])("%s for %s", (code, _what, make) => {
    expect(codeOf(make)).toBe(code);
  });

  test("a step that TensorBoard can't count is refused", () => {
    const logger = new TensorBoardLogger({ dir });
    for (const step of [-1, 0.5, NaN])
      expect(codeOf(() => logger.logMetrics({ loss: 1 }, step))).toBe("INVALID_STEP");
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe("images", () => {
  test("that are no PNG are refused", () => {
    const logger = new TensorBoardLogger({ dir });
    for (const bytes of [[], [0x89, 0x50], Array.from({ length: 30 }, () => 7)])
      expect(codeOf(() => logger.logImage("figure", Uint8Array.from(bytes), 0))).toBe("INVALID_DATA");
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe("all loggers at once", () => {
  test("write down a real run, and the next one with the same loggers", async () => {
    const history = new HistoryLogger();
    const csv = new CsvLogger({ dir });
    const board = new TensorBoardLogger({ dir, version: csv.version });
    const lines = new JsonLinesLogger({ file: join(csv.folder, "run.jsonl") });
    class Both extends TinyModule {
      override trainingStep(...args: Parameters<TinyModule["trainingStep"]>) {
        const loss = super.trainingStep(...args);
        this.log("step_loss", loss);
        return loss;
      }
    }
    const trainer = new Trainer({
      maxEpochs: 2,
      logEveryNSteps: 1,
      seed: 1,
      enableProgressBar: false,
      logger: [history, csv, lines, board],
    });
    const model = makeTiny(Both);
    await trainer.fit(model, { train: makeLoader(), val: makeLoader({ shuffle: false }) });
    await new Trainer({ ...trainer.options, maxEpochs: 1 }).fit(model, { train: makeLoader() });

    const [header = "", ...rows] = read("version_0", "metrics.csv").trimEnd().split("\n");
    const columns = header.split(",");
    expect(columns).toEqual(["step", "step_loss", "val_loss", "train_loss"]);
    const cells = rows.map((row) => row.split(",").map((cell) => (cell === "" ? undefined : Number(cell))));
    expect(cells).toEqual(
      history.rows.map(({ step, metrics }) =>
        columns.map((name) => (name === "step" ? step : metrics[name])),
      ),
    );
    expect(JSON.parse(read("version_0", "hparams.json"))).toEqual({ lr: 0.01 });

    const objects = read("version_0", "run.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects.filter((line) => "hparams" in line)).toMatchObject([
      { hparams: { lr: 0.01 } },
      { hparams: { lr: 0.01 } },
    ]);
    const time: unknown = expect.any(String);
    expect(objects.filter((line) => "step" in line)).toEqual(
      history.rows.map(({ step, metrics }) => ({ step, time, ...metrics })),
    );
    expect(readdirSync(board.folder).filter((name) => name.includes("tfevents"))).toHaveLength(1);
  });
});
