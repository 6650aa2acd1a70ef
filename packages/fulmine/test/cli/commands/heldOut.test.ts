import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FitResult, Module } from "@fulmine/core";
import { loadCheckpoint } from "../../../src/index.js";
import { runCli, support } from "../../support/runCli.js";

let cwd = "";
let fitted: FitResult;
const file = support("saving.mjs");
const onCpu = ["--accelerator", "cpu"];
const run = (...args: readonly string[]) => runCli([...args, ...onCpu], { cwd });

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "fulmine-cli-"));
  const { stdout, stderr, status } = await run("fit", file, "--json");
  expect(status, stderr).toBe(0);
  fitted = JSON.parse(stdout) as FitResult;
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe("fulmine test", () => {
  test("scores the best checkpoint, which a fit in another process has saved, as the fit did", async () => {
    const { stdout, stderr, status } = await run("test", file, "--checkpoint", "best", "--json");
    expect(status, stderr).toBe(0);
    const { metrics, checkpoint } = JSON.parse(stdout) as {
      readonly metrics: Readonly<Record<string, number>>;
      readonly checkpoint: string;
    };
    expect(checkpoint).toBe(fitted.bestCheckpoint?.path);
    expect(metrics["test_loss"]).toBeCloseTo(fitted.bestCheckpoint?.score ?? NaN, 6);
  });

  test("takes the path of a checkpoint, and says when it has none", async () => {
    const given = await run("test", file, "--checkpoint", "runs/last.ckpt");
    expect([given.status, given.stdout]).toEqual([0, expect.stringMatching(/^test_loss 0\.\d+$/m)]);
    const none = await run("test", file);
    expect(none.status).toBe(0);
    expect(none.stderr).toContain(
      "No --checkpoint is given: the model has the weights that the training file gives it.",
    );
    expect(none.stdout).not.toBe(given.stdout);
  });
});

describe("fulmine predict", () => {
  test("writes a prediction per example as JSON and as CSV, and prints them without --out", async () => {
    const predict = ["predict", file, "--checkpoint", "last"];
    for (const out of ["out.json", "out.csv"]) {
      const { stdout, stderr, status } = await run(...predict, "--out", out);
      expect(status, stderr).toBe(0);
      expect(stdout).toBe(`Wrote 256 predictions to ${out}\n`);
    }
    const predictions = JSON.parse(readFileSync(join(cwd, "out.json"), "utf8")) as readonly {
      readonly score: number;
      readonly both: readonly number[];
    }[];
    expect(predictions).toHaveLength(256);
    const [header, first] = readFileSync(join(cwd, "out.csv"), "utf8").split("\n");
    expect(header).toBe("score,both_0,both_1");
    const [{ score, both } = { score: NaN, both: [] }] = predictions;
    expect(first).toBe([score, ...both].join(","));
    expect(both[0]).toBe(score);
    expect(JSON.parse((await run(...predict)).stdout)).toEqual(predictions);
    expect(readdirSync(cwd).sort()).toEqual(["out.csv", "out.json", "runs"]);
  });
});

test("loadCheckpoint reads the file of a checkpoint into a new model", async () => {
  const { model } = (await import(file)) as { readonly model: () => Module<{ lr: number }> };
  const { path = "" } = fitted.bestCheckpoint ?? {};
  const fresh = model();
  fresh.hparams.lr = 5;
  const { progress } = await loadCheckpoint(fresh, join(cwd, path));
  expect(progress.currentEpoch).toBe(fitted.bestCheckpoint?.epoch);
  expect(fresh.hparams.lr).toBe(1e-3);
});

test.each([
  [["test", file, "--checkpoint", "nowhere.ckpt"], 2, "--checkpoint: there is no file nowhere.ckpt."],
  [
    ["test", support("training.mjs")],
    1,
    "training.mjs has no data to test. Export `data` with a part `test`",
  ],
  [["predict", file, "--out", "/dev/null/out.csv"], 1, "The file can't be written: "],
])("rejects %j with %i", async (args, expected, message) => {
  const { stderr, status } = await run(...args);
  expect(stderr).toContain(message);
  expect(status).toBe(expected);
});
