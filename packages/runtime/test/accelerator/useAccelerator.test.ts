import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useAccelerator, type Accelerator } from "../../src/index.js";
import { findExecutable } from "../../src/native/host/findExecutable.js";
import { noGpuReason } from "../../src/native/host/hostSystem.js";
import { temporaryCache } from "../support/temporaryCache.js";

/** Whether this machine meets the requirements of a set-up; the expected reason depends on it. */
const canSetUp =
  findExecutable("python3") !== null &&
  findExecutable("npm") !== null &&
  findExecutable("g++", "c++", "clang++") !== null;

let cache: ReturnType<typeof temporaryCache>;
beforeEach(() => (cache = temporaryCache()));
afterEach(() => cache.remove());

it.each(["wasm", "cpu"] as const)("%s is loaded, activated and named in one line", async (accelerator) => {
  const report = await useAccelerator(accelerator);
  expect(tf.getBackend()).toBe(accelerator);
  expect(report).toMatchObject({ accelerator, backend: accelerator, version: tf.version.tfjs });
  expect(report.line).toMatch(new RegExp(`^Backend: ${accelerator} \\(tfjs [\\d.]+, .*\\)$`));
});

it("prints no recommendation of tfjs-node with the cpu backend", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await useAccelerator("cpu");
  await tf.square(2).data();
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

it("tensors and variables move to the new backend", async () => {
  await useAccelerator("cpu");
  const xs = tf.tensor2d([[1, 2], [3, 4]]); // prettier-ignore
  const weight = tf.variable(tf.tensor2d([[1], [1]]));
  await useAccelerator("wasm");
  expect(await tf.matMul(xs, weight).array()).toEqual([[3], [7]]);
  await useAccelerator("cpu");
  expect(await tf.add(weight, 1).array()).toEqual([[2], [2]]);
  tf.dispose([xs, weight]);
});

describe("auto, with nothing installed", () => {
  it("falls back to wasm and says in one line why not native", async () => {
    const report = await useAccelerator("auto");
    expect(report.accelerator).toBe("wasm");
    const reason = canSetUp ? "libtensorflow is not installed\\. Run `npx fulmine" : ".* was not found";
    expect(report.line).toMatch(new RegExp(`^Backend: wasm \\(.*\\); no native: ${reason}`));
    expect(report.line).not.toContain("\n");
  });

  it("names the missing requirement of a set-up", async () => {
    vi.stubEnv("PATH", "");
    expect((await useAccelerator("auto")).line).toContain("no native: python3 was not found");
    expect((await useAccelerator("auto", { install: true })).line).toContain(
      "no native: python3 was not found",
    );
    vi.unstubAllEnvs();
  });

  it("keeps a backend that the app has chosen, when asked to, unless tfjs may have fallen back on it", async () => {
    await useAccelerator("cpu");
    await tf.setBackend("wasm");
    const kept = await useAccelerator("auto", { keepCurrent: true });
    expect(kept).toMatchObject({ accelerator: "wasm", backend: "wasm" });
    expect(kept.line).toContain("chosen by the app");
    await tf.setBackend("cpu");
    expect((await useAccelerator("auto", { keepCurrent: true })).line).toContain("no native");
  });

  it("keeps what was chosen here, with its reasons, even cpu", async () => {
    for (const accelerator of ["wasm", "cpu"] as const) {
      const chosen = await useAccelerator(accelerator);
      expect(await useAccelerator("auto", { keepCurrent: true })).toEqual(chosen);
    }
  });
});

describe("an unavailable accelerator is an error with the reason", () => {
  it("native, when it is not installed", async () => {
    await expect(useAccelerator("native")).rejects.toThrow(
      canSetUp ? /libtensorflow is not installed\. Run `npx fulmine setup`/ : /was not found/,
    );
  });

  it.runIf(noGpuReason() !== null)("gpu, without a GPU", async () => {
    await expect(useAccelerator("gpu")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(useAccelerator("gpu", { install: true })).rejects.toThrow(/No GPU can be used: /);
  });

  it("webgpu, when the app has not loaded its backend", async () => {
    await expect(useAccelerator("webgpu")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("one that does not exist", async () => {
    const unknown = "tpu" as Accelerator;
    await expect(useAccelerator(unknown)).rejects.toThrow(/`accelerator` is unknown\. Received: "tpu"/);
  });
});
