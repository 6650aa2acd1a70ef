import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HistoryLogger, Trainer } from "@fulmine/core";
import { CsvLogger, JsonLinesLogger, TensorBoardLogger } from "@fulmine/core/node";
import { makeLoader, makeTiny, TinyModule } from "../../support/tinyModule.js";
import { dir, read, thrownCode } from "../../support/loggerFolder.js";

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
    expect(thrownCode(make)).toBe(code);
  });

  test("a step that TensorBoard can't count is refused", () => {
    const logger = new TensorBoardLogger({ dir });
    for (const step of [-1, 0.5, NaN])
      expect(thrownCode(() => logger.logMetrics({ loss: 1 }, step))).toBe("INVALID_STEP");
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe("images", () => {
  test("that are no PNG are refused", () => {
    const logger = new TensorBoardLogger({ dir });
    for (const bytes of [[], [0x89, 0x50], Array.from({ length: 30 }, () => 7)])
      expect(thrownCode(() => logger.logImage("figure", Uint8Array.from(bytes), 0))).toBe("INVALID_DATA");
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe("all loggers at once", () => {
  test("write down a real run, and the next one with the same loggers", async () => {
    const history = new HistoryLogger();
    const csv = new CsvLogger({ dir });
    const board = new TensorBoardLogger({ dir });
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
