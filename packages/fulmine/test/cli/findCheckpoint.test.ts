import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ModelCheckpoint, type TrainerOptions } from "@fulmine/core";
import { Trainer } from "../../src/index.js";
import { findCheckpoint } from "../../src/cli/findCheckpoint.js";
import { scripted, sixAndThree } from "../../../core/test/support/scripted.js";

const dirpath = mkdtempSync(join(tmpdir(), "fulmine-find-"));
afterAll(() => rmSync(dirpath, { recursive: true, force: true }));

test("the best checkpoint is found when the files were copied, and their times are mixed up", async () => {
  const make = (): TrainerOptions => ({
    ...{ enableProgressBar: false, enableModelSummary: false, maxEpochs: 4, seed: 1 },
    callbacks: [
      new ModelCheckpoint({ dirpath, monitor: "score", filename: "{epoch}", saveTopK: -1, saveLast: true }),
    ],
  });
  const model = scripted([3, 2, 1, 4]);
  const trainer = new Trainer({ ...make(), accelerator: "cpu" });
  const { bestCheckpoint } = await trainer.fit(model, sixAndThree());
  trainer.dispose();
  const find = (which: string) => findCheckpoint("checkpoint", which, { model, trainer: make() });
  for (const [at, name] of ["last", "epoch=3", "epoch=2", "epoch=1", "epoch=0"].entries())
    utimesSync(join(dirpath, `${name}.ckpt`), at, at);
  writeFileSync(join(dirpath, "damaged.ckpt"), "");
  utimesSync(join(dirpath, "damaged.ckpt"), 0, 0);
  expect(await find("best")).toBe(bestCheckpoint?.path);
  expect(bestCheckpoint?.path).toBe(join(dirpath, "epoch=2.ckpt"));
  expect(await find("last")).toBe(join(dirpath, "last.ckpt"));
  utimesSync(join(dirpath, "damaged.ckpt"), 9, 9);
  await expect(find("best")).rejects.toThrow("damaged.ckpt can't be read");
});
