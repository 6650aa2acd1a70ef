import type * as tf from "@tensorflow/tfjs";
import { Trainer as CoreTrainer, type Batch } from "@fulmine/core";
import { withLrFinder, type FindLrOptions, type LrFinder } from "@fulmine/lr-finder";
import { describe, expect, test } from "vitest";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";

const Trainer = withLrFinder(CoreTrainer);

const quiet = { enableProgressBar: false, seed: 1 } as const;

const search = (options: FindLrOptions = {}, model = makeTiny(TinyModule)): Promise<LrFinder> =>
  new Trainer(quiet).findLr(model, { train: makeLoader() }, { maxLr: 100, ...options });

describe("a search", () => {
  /** Runs a search and counts the steps and the scores on held-out data. */
  const counted = async (
    options: FindLrOptions,
  ): Promise<{ finder: LrFinder; steps: number; scores: number }> => {
    let [steps, scores] = [0, 0];
    class Counting extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        steps += 1;
        return super.trainingStep(batch, batchIdx);
      }
      override onValidationEpochStart(): void {
        scores += 1;
      }
    }
    const data = { train: makeLoader(), val: makeLoader() };
    const finder = await new Trainer(quiet).findLr(makeTiny(Counting), data, options);
    return { finder, steps, scores };
  };

  test.each<[string, FindLrOptions, number, number]>([
    ["long", { refine: true, val: false }, 100, 400],
    ["shorter", { refine: 90, val: false }, 30, 190],
    ["shorter, after a shorter sweep,", { refine: 90, numTraining: 60, val: false }, 30, 150],
  ])("runs %s trials from the initial state, within the given steps", async (_, options, length, most) => {
    const { finder, steps, scores } = await counted(options);
    const { lr, loss, trials = [] } = finder.results;
    expect(trials.length).toBeGreaterThan(2);
    const from = (await counted({ numTraining: options.numTraining ?? 100 })).finder.suggestion() ?? NaN;
    expect(trials.slice(0, 2).map((trial) => Math.log10(trial.lr / from))).toEqual([
      expect.closeTo(-0.25, 9),
      expect.closeTo(0.25, 9),
    ]);
    expect(new Set([loss[0], ...trials.map((trial) => trial.loss[0])]).size).toBe(1);
    for (const trial of trials) {
      expect(trial.loss.length)[Number.isFinite(trial.score) ? "toBe" : "toBeLessThanOrEqual"](length);
    }
    expect(lr.length + trials.reduce((sum, trial) => sum + trial.loss.length, 0)).toBe(steps);
    expect(steps).toBeLessThanOrEqual(most);
    expect(scores).toBe(0);
    expect(finder.suggest()).toMatchObject({ rule: "auto", basis: "trials" });
  });

  test("scores trials on held-out data after each third, and no rung of the sweep", async () => {
    const { finder, scores } = await counted({ refine: 90 });
    const { trials = [], valLoss } = finder.results;
    expect(trials.map(({ loss }) => loss.length)).toEqual([30, 30, 30]);
    expect(valLoss).toBeUndefined();
    // One batch is scored before the sweep, to check `validationStep`.
    expect(scores).toBe(3 * trials.length + 1);
    const byTraining = (await counted({ refine: 90, val: false })).finder.results.trials ?? [];
    // Scoring a shuffling loader draws random numbers, so that the batches differ from there on.
    expect(trials[0]?.loss.slice(0, 10)).toEqual(byTraining[0]?.loss.slice(0, 10));
    expect(trials[0]?.score).not.toBe(byTraining[0]?.score);
    for (const { loss, score } of byTraining) {
      expect(score).toBeCloseTo(loss.slice(20).reduce((sum, value) => sum + value, 0) / 10, 9);
    }
  });

  test("scores trials by training losses without held-out data, or with val: false", async () => {
    expect((await counted({ refine: 60, val: true })).scores).toBeGreaterThan(0);
    expect((await counted({ refine: 60, val: false })).scores).toBe(0);
    expect((await search({ refine: 60 })).suggest()).toMatchObject({ basis: "trials" });
  });

  test("runs no trials without refine, and none if the sweep gives no suggestion", async () => {
    for (const options of [{}, { numTraining: 30 }, { rule: "valley" }, { refine: false }] as const) {
      expect((await search(options)).results).not.toHaveProperty("trials");
    }
    class Flat extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        return super.trainingStep(batch, batchIdx).mul(0);
      }
    }
    const flat = await search({ refine: true }, makeTiny(Flat));
    expect(flat.suggest()).toMatchObject({ lr: null, reason: "flat" });
    expect(flat.results).not.toHaveProperty("trials");
  });
});
