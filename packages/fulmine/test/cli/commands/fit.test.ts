import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeCheckpoint, type FitResult } from "@fulmine/core";
import { runCli, support } from "../../support/runCli.js";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "fulmine-cli-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const command = ["fit", support("training.mjs"), "--accelerator", "cpu"];

describe("fulmine fit", () => {
  test("trains with the options of the file and prints the metrics", async () => {
    const { stdout, stderr, status } = await runCli(command, { cwd });
    expect(status, stderr).toBe(0);
    expect(stderr).toContain("Epoch 2/2");
    expect(stdout).toMatch(/^Training finished after 2 epochs, 16 steps\.\nval_loss 0\.\d+$/m);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("finds the learning rate first, trains for --epochs, and saves a checkpoint", async () => {
    const flags = ["--find-lr", "--epochs", "3", "--save", "last.ckpt", "--json"];
    const { stdout, stderr, status } = await runCli([...command, ...flags], { cwd });
    expect(status, stderr).toBe(0);
    const result = JSON.parse(stdout) as FitResult & { hparams: { lr: number }; checkpoint: string };
    expect(result).toMatchObject({ status: "finished", epochs: 3, steps: 24, checkpoint: "last.ckpt" });
    expect(result.hparams.lr).not.toBe(1e-3);
    const { progress } = await decodeCheckpoint(readFileSync(join(cwd, "last.ckpt")));
    expect(progress.globalStep).toBe(24);
    expect(readdirSync(cwd)).toEqual(["last.ckpt"]);
  });

  test("repeats bit for bit with a seed, including the initial weights and data of the file", async () => {
    const weights = async (seed: string): Promise<unknown> => {
      const args = [
        "fit",
        support("unseeded.mjs"),
        "--accelerator",
        "cpu",
        "--seed",
        seed,
        "--save",
        "out.ckpt",
      ];
      const { stderr, status } = await runCli(args, { cwd });
      expect(status, stderr).toBe(0);
      return (await decodeCheckpoint(readFileSync(join(cwd, "out.ckpt")))).variables.map(
        ({ value }) => value,
      );
    };
    const first = await weights("3");
    expect(await weights("3")).toEqual(first);
    expect(await weights("4")).not.toEqual(first);
  });

  test("continues from what the file's ModelCheckpoint saved, and names the best checkpoint", async () => {
    const saving = ["fit", support("saving.mjs"), "--accelerator", "cpu"];
    const first = await runCli([...saving, "--epochs", "1"], { cwd });
    expect(first.stdout, first.stderr).toMatch(
      /^Training finished after 1 epoch, 8 steps\.\nval_loss .+\nBest checkpoint: runs\/epoch=0\.ckpt \(val_loss .+, epoch 0 counted from 0\)$/m,
    );
    const { stdout, stderr, status } = await runCli([...saving, "--resume", "last", "--json"], { cwd });
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      epochs: 2,
      bestCheckpoint: { path: "runs/epoch=1.ckpt", epoch: 1 },
    });
    expect(readdirSync(join(cwd, "runs")).sort()).toEqual(["epoch=1.ckpt", "last.ckpt"]);
  });

  test("rejects a --resume that the file has no callback for with 2", async () => {
    const { stderr, status } = await runCli([...command, "--resume", "last"], { cwd });
    expect(stderr).toContain("fulmine: --resume last needs a ModelCheckpoint among the callbacks");
    expect(status).toBe(2);
  });

  test("fails before training when the checkpoint can't be written", async () => {
    const args = [...command, "--save", "/dev/null/last.ckpt"];
    const { stderr, status } = await runCli(args, { cwd });
    expect(status).toBe(1);
    expect(stderr).toContain("The file can't be written: ");
    expect(stderr).not.toContain("Epoch");
  });

  test("exits with 130 after Ctrl-C and finishes the step first", async () => {
    const { stdout, status } = await runCli([...command, "--epochs", "1000000", "--save", "last.ckpt"], {
      cwd,
      interruptAt: "Epoch",
    });
    expect(status).toBe(130);
    expect(stdout).toContain("Training interrupted after");
    expect(readdirSync(cwd)).toEqual(["last.ckpt"]);
  });
});
