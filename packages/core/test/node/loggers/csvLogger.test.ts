import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CsvLogger } from "@fulmine/core/node";
import { dir, read, thrownCode } from "../../support/loggerFolder.js";

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
    expect(thrownCode(() => new CsvLogger({ dir, version: 0 }).logHyperparams({}))).toBe("INVALID_DATA");
    expect(readFileSync(path, "utf8")).toBe("name,age\nAda,36\n");
  });

  test("writes tables to files of their own", () => {
    const logger = new CsvLogger({ dir });
    logger.logTable("lr_find/epoch_3", { lr: [0.1, 0.2], loss: [2.5, NaN] });
    logger.logTable("lr_find/epoch_3", { lr: [1e-8], loss: [3] });
    logger.logTable("empty", { lr: [] });
    expect(read("version_0", "lr_find_epoch_3.csv")).toBe("lr,loss\n1e-8,3\n");
    expect(read("version_0", "empty.csv")).toBe("lr\n");
    expect(thrownCode(() => logger.logTable("metrics", { lr: [1] }))).toBe("INVALID_STEP");
    expect(readdirSync(logger.folder).sort()).toEqual(["empty.csv", "lr_find_epoch_3.csv"]);
  });

  test("refuses a metric by the name of its own column", () => {
    expect(thrownCode(() => new CsvLogger({ dir }).logMetrics({ step: 1 }, 0))).toBe("INVALID_STEP");
  });
});
