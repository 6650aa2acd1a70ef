import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Trainer } from "@fulmine/core";
import { CsvLogger, TensorBoardLogger } from "@fulmine/core/node";
import { dir } from "../../support/loggerFolder.js";

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

  const foldersIn = (...logger: (CsvLogger | TensorBoardLogger)[]): string[] => {
    new Trainer({ logger });
    return logger.map(({ version }) => version);
  };

  test("is shared by the loggers of a Trainer that have the same place", () => {
    expect(foldersIn(new CsvLogger({ dir }), new TensorBoardLogger({ dir: `${dir}/` }))).toEqual([
      "version_0",
      "version_0",
    ]);
    const csv = new CsvLogger({ dir });
    expect(csv.version).toBe("version_1");
    expect(foldersIn(new TensorBoardLogger({ dir }), csv)).toEqual(["version_1", "version_1"]);
    expect(foldersIn(new CsvLogger({ dir }), new TensorBoardLogger({ dir, version: 7 }))).toEqual([
      "version_7",
      "version_7",
    ]);
  });

  test("is not shared by two loggers of one kind, nor by those with another place or version", () => {
    const [csv, board, other] = [
      new CsvLogger({ dir }),
      new TensorBoardLogger({ dir }),
      new CsvLogger({ dir }),
    ];
    expect(foldersIn(csv, board, other)).toEqual(["version_0", "version_0", "version_1"]);
    expect(foldersIn(new CsvLogger({ dir, name: "a" }), new TensorBoardLogger({ dir, name: "b" }))).toEqual([
      "version_0",
      "version_0",
    ]);
    expect(readdirSync(join(dir, "a"))).toEqual(["version_0"]);
    expect(
      foldersIn(new CsvLogger({ dir, version: 4 }), new TensorBoardLogger({ dir, version: "x" })),
    ).toEqual(["version_4", "x"]);
  });
});
