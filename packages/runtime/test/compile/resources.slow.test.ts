import * as tf from "@tensorflow/tfjs";
import { seeded, type TrainerOptions } from "@fulmine/core";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, expect, test } from "vitest";
import { nativeBackend } from "../../src/compile/tensorflow/nativeBackend.js";
import { CompilingTrainer } from "./support/compilingTrainer.js";
import { Classifier, inputOf, nets, randomData, ways } from "./support/nets.js";

const quiet: TrainerOptions = {
  ...{ seed: 1, logger: false },
  ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
};

function make() {
  const net = seeded(3, () => nets["dropout"]?.() ?? tf.sequential());
  const { size, isWhole } = inputOf(net);
  return {
    model: new Classifier(net, ways["adam"]?.configure ?? (() => [])),
    data: randomData(size, isWhole),
  };
}

/** Counts the graphs that TensorFlow has loaded. */
function loadedGraphs(): number {
  const binding = nativeBackend()?.binding as { getNumOfSavedModels?: () => number } | undefined;
  return binding?.getNumOfSavedModels?.() ?? NaN;
}

// Between two full garbage collections, memory grows by some kilobytes per step.
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Measures the memory of this process after a garbage collection. */
function megabytes(): number {
  collectGarbage();
  return process.memoryUsage().rss / 2 ** 20;
}

// Other test processes make such folders at the same time.
const scratch = mkdtempSync(join(tmpdir(), "fulmine-resources-"));
process.env["TMPDIR"] = scratch;
afterAll(() => rmSync(scratch, { recursive: true }));

/** Lists the temporary folders of graphs. */
function leftFolders(): string[] {
  return readdirSync(scratch).filter((name) => name.startsWith("fulmine-step-"));
}

test("10,000 compiled steps keep tensors and memory flat, and leave no graph and no file", async () => {
  const { model, data } = make();
  const tensors: number[] = [];
  const memory: number[] = [];
  const trainer = new CompilingTrainer({
    ...quiet,
    compile: true,
    maxSteps: 10_000,
    callbacks: [
      {
        onTrainBatchEnd({ globalStep }) {
          if (globalStep % 2000 !== 0) return;
          tensors.push(tf.memory().numTensors);
          memory.push(megabytes());
        },
      },
    ],
  });
  await trainer.fit(model, { train: data });
  expect(tensors).toHaveLength(5);
  expect(new Set(tensors).size).toBe(1);
  expect((memory.at(-1) ?? NaN) - (memory[1] ?? NaN)).toBeLessThan(20);
  const replays = trainer.explainCompile().steps.reduce((sum, step) => sum + step.replays, 0);
  expect(replays).toBeGreaterThan(9000);
  expect(loadedGraphs()).toBe(0);
  expect(leftFolders()).toEqual([]);
});

test("50 searches keep tensors and memory flat, leave no graph, and find the same", async () => {
  const { model, data } = make();
  const trainer = new CompilingTrainer({ ...quiet, compile: true });
  const picks = new Set<number | null>();
  const tensors: number[] = [];
  const memory: number[] = [];
  for (let search = 0; search < 50; search++) {
    const finder = await trainer.findLr(model, { train: data }, { seed: 4 });
    picks.add(finder.suggestion());
    tensors.push(tf.memory().numTensors);
    memory.push(megabytes());
    expect(loadedGraphs()).toBe(0);
  }
  expect(picks.size).toBe(1);
  expect(new Set(tensors).size).toBe(1);
  expect((memory.at(-1) ?? NaN) - (memory[10] ?? NaN)).toBeLessThan(100);
  expect(leftFolders()).toEqual([]);
});

test("a run that fails in the middle frees its graphs", async () => {
  const { model, data } = make();
  const trainer = new CompilingTrainer({
    ...quiet,
    compile: true,
    callbacks: [
      {
        onTrainBatchEnd({ globalStep }) {
          if (globalStep !== 40) return;
          expect(loadedGraphs()).toBeGreaterThan(0);
          throw new Error("stop here");
        },
      },
    ],
  });
  await expect(trainer.fit(model, { train: data })).rejects.toThrow("stop here");
  expect(loadedGraphs()).toBe(0);
  expect(leftFolders()).toEqual([]);
});

test("a search and the training after it share what is compiled", async () => {
  const { model, data } = make();
  const trainer = new CompilingTrainer({ ...quiet, compile: true, autoLrFind: true, maxEpochs: 5 });
  await trainer.fit(model, { train: data });
  const [step, ...others] = trainer.explainCompile().steps;
  expect(others).toEqual([]);
  expect(step).toMatchObject({ step: "Classifier: training step", status: "compiled" });
  // One call before there are slots, one to write each shape down, one to compare it, and the checks after 32 and 64.
  expect((step?.calls ?? 0) - (step?.replays ?? 0)).toBeLessThan(10);
});
