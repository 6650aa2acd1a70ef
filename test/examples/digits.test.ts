import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findOnPath } from "../../scripts/findOnPath.mjs";

const main = join(import.meta.dirname, "../../examples/digits/dist/main.js");
let room = "";
/** A PATH with node on it and nothing else. */
let barePath = "";

beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), "fulmine-digits-"));
  barePath = join(room, "bin");
  mkdirSync(barePath);
  symlinkSync(process.execPath, join(barePath, "node"));
});
afterAll(() => rmSync(room, { recursive: true, force: true }));

function runDigits(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { output: string; status: number | null } {
  const figure = join(room, "lr.svg");
  const figures = ["--figure", figure, "--training", join(room, "training.svg")];
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...figures, ...args], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { output: stdout + stderr, status };
}

describe("the main job", () => {
  test("finds its rate, draws it, and trains to 0.96 on wasm when there is neither Python nor a runtime", () => {
    const { output, status } = runDigits([], { PATH: barePath, FULMINE_CACHE: join(room, "cache") });
    expect(output).toMatch(/^Backend: wasm \(tfjs .*\); no native: .*python3.*$/m);
    expect(output).toMatch(/^Finding the learning rate {2}\d+\/100 {2}lr /m);
    expect(output).toContain("suggested lr");
    expect(output).toMatch(/^Learning rate set to 0\.\d+ \(hparams\.lr; rule auto, usable from .* to .*\)$/m);
    expect(output).toMatch(
      /^Epoch 20\/20 {2}train_loss [\d.]+ {2}train_acc [\d.]+ {2}val_loss [\d.]+ {2}val_acc [\d.]+$/m,
    );
    expect(Number(/held-out images: ([\d.]+)/.exec(output)?.[1])).toBeGreaterThanOrEqual(0.96);
    expect(readFileSync(join(room, "lr.svg"), "utf8")).toMatch(/^<svg /);
    expect(readFileSync(join(room, "training.svg"), "utf8")).toMatch(/^<svg [^]*lowest val_loss/);
    expect(status).toBe(0);
  });

  test("says so when its cache can't be reached", ({ skip }) => {
    const isAble = ["python3", "g++"].every((program) => findOnPath(program) !== null);
    if (!isAble) return skip("without Python or a compiler that is the reason that is given");
    const unreachable = join(process.execPath, "cache");
    const { output, status } = runDigits(["--epochs", "1"], { FULMINE_CACHE: unreachable });
    expect(output).toMatch(/^Backend: wasm .*no native: .*$/m);
    expect(output).toContain(unreachable);
    expect(status).toBe(0);
  });

  test("runs on cpu when told to", () => {
    const { output } = runDigits(["--accelerator", "cpu", "--epochs", "1"]);
    expect(output).toContain("Backend: cpu (");
  });

  test.each([
    ["gpu", 'No GPU can be used: no NVIDIA GPU was found. Use the accelerator "auto" or "native".'],
    [
      "tpu",
      '`accelerator` is unknown. Received: "tpu". Use "auto", "gpu", "native", "webgpu", "wasm" or "cpu".',
    ],
  ])("refuses %s in one line where it can't be had", (accelerator, message) => {
    const { output, status } = runDigits(["--accelerator", accelerator], { CUDA_VISIBLE_DEVICES: "" });
    expect(output.trim().split("\n").at(-1)).toBe(message);
    expect(status).toBe(1);
  });
});
