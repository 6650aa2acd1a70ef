import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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
});
