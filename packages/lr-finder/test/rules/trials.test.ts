import { describe, expect, test } from "vitest";
import { auto, type Curve, type RateTrial } from "@fulmine/lr-finder";
import { lossLevels, type LossLevels } from "../../src/rules/lossLevels.js";
import { climb } from "../../src/sweep/climb.js";
import { typical } from "../support/sweeps.js";

const trialAt = (lr: number, score: number): RateTrial => ({ lr, loss: [2, score], score });
const curve = (...trials: RateTrial[]): Curve => ({ ...typical, trials });

describe("auto on trials", () => {
  test("takes the lowest point of the parabola through the best one and its neighbours", () => {
    const bowl = (exponent: number): RateTrial => trialAt(10 ** exponent, 1 + (exponent + 1.8) ** 2);
    expect(auto(curve(bowl(-3), bowl(-2), bowl(-1))).lr).toBeCloseTo(10 ** -1.8, 9);
    expect(auto(curve(bowl(-2), bowl(-2.3), bowl(-4), bowl(-1.3))).lr).toBeCloseTo(10 ** -1.8, 9);
  });

  test("takes the best one itself where it has a neighbour on one side only", () => {
    expect(auto(curve(trialAt(0.01, 1), trialAt(0.1, 0.5)))).toMatchObject({ lr: 0.1, basis: "trials" });
    const givenUp = [trialAt(0.001, Infinity), trialAt(0.1, Infinity)];
    expect(auto(curve(trialAt(0.01, 1), ...givenUp)).lr).toBe(0.01);
  });

  test("how high a neighbour exploded does not matter", () => {
    const pick = (score: number): number | null =>
      auto(curve(trialAt(0.001, 1.2), trialAt(0.01, 1), trialAt(0.1, score))).lr;
    expect(pick(Infinity)).toBe(pick(50));
    expect(pick(50)).toBe(pick(1.6));
    expect(pick(50)).toBeGreaterThan(0.001);
    expect(pick(50)).toBeLessThan(0.01);
  });

  test("holds rates for usable at which trials came nearly as far", () => {
    const trials = [trialAt(0.001, 1.9), trialAt(0.01, 1.05), trialAt(0.03, 1), trialAt(0.3, 1.5)];
    const { range, lr } = auto(curve(...trials));
    expect(range).toEqual([0.01, Math.max(lr ?? NaN, 0.03)]);
  });

  test("does not count a trial that was cut short", () => {
    const cut: RateTrial = { lr: 0.03, loss: [2, 0], score: NaN };
    expect(auto(curve(trialAt(0.01, 1), cut)).lr).toBe(0.01);
  });

  test("finds nothing where each one was given up", () => {
    expect(auto(curve(trialAt(1e-6, Infinity), trialAt(1e-7, Infinity)))).toMatchObject({
      reason: "diverged-at-once",
    });
  });
});

describe("what losses are before a model has learned anything more", () => {
  const levels = (...loss: number[]): LossLevels => lossLevels({ ...typical, loss });

  test("is the middle one of those at rates too low to train", () => {
    expect(levels(2, 2.2, 1.9, 0.5, 9)).toEqual({ untrained: 2, noise: -Infinity });
    expect(levels(-2, -2, -1, -3, 5).untrained).toBe(-2);
  });

  test("knows how high losses are that batches make by themselves", () => {
    expect(levels(0.02, 0.03, 0.01, 5, 9).noise).toBe(-Infinity);
    expect(levels(0.02, 0.05, 0.01, 5, 9).noise).toBe(0.05);
  });
});

describe("the climb", () => {
  const LENGTH = 28;
  /** Trials whose loss falls fastest at one rate, and explodes beyond another. */
  const run = async (
    best: number,
    options: {
      from?: number;
      edge?: number;
      steps?: number;
      minLr?: number;
      maxLr?: number;
      noise?: number;
    } = {},
  ): Promise<readonly RateTrial[]> => {
    const { from = 0.01, edge = Infinity, steps = 80, minLr = 1e-6, maxLr = 10, noise = -Infinity } = options;
    return climb({
      ...{ from, levels: { untrained: 2, noise }, minLr, maxLr, strides: [1, 0.5, 0.25] },
      ...{ length: LENGTH, steps },
      async tryRate(lr, left, isHopeless) {
        const speed = lr > edge ? -1 : Math.exp(-(Math.log10(lr / best) ** 2));
        const loss: number[] = [];
        while (loss.length < LENGTH) {
          if (loss.length === left) return { lr, loss, score: NaN };
          const peak = loss.length === 6 && noise > 0 ? noise : 0;
          loss.push(2 + peak - speed * (1 - 0.9 ** loss.length) * (speed < 0 ? 20 : 1));
          if (isHopeless(loss)) return { lr, loss, score: Infinity };
        }
        const half = loss.slice(LENGTH / 2);
        return { lr, loss, score: half.reduce((sum, value) => sum + value, 0) / half.length };
      },
    });
  };
  const taken = (trials: readonly RateTrial[]): number =>
    trials.reduce((sum, { loss }) => sum + loss.length, 0);

  test.each([1e-4, 1e-3, 1e-2, 0.1, 1])("comes to a best rate of %d, given the steps", async (best) => {
    const trials = await run(best, { steps: 1000 });
    expect(Math.abs(Math.log10((auto(curve(...trials)).lr ?? NaN) / best))).toBeLessThan(0.05);
  });

  test.each([28, 60, 80, 200])("takes no more than its %d steps", async (steps) => {
    for (const best of [1e-4, 0.01, 1]) expect(taken(await run(best, { steps }))).toBeLessThanOrEqual(steps);
  });

  test("gives up at once what explodes, and goes down from there", async () => {
    const trials = await run(1e-3, { from: 1, edge: 0.02 });
    expect(trials.slice(0, 3).map(({ lr }) => Number(lr.toPrecision(3)))).toEqual([1, 0.1, 0.01]);
    expect(trials.map(({ loss }) => loss.length).slice(0, 2)).toEqual([5, 5]);
    expect(trials[2]?.score).toBeLessThan(2);
  });

  test("takes no peak for an explosion where batches make such by themselves", async () => {
    const trials = await run(0.01, { noise: 50, steps: 1000 });
    expect(trials[0]?.score).toBeLessThan(2);
    expect(Math.abs(Math.log10((auto(curve(...trials)).lr ?? NaN) / 0.01))).toBeLessThan(0.05);
  });

  test("gives up what lags behind above the best rate, and lets finish what lags below it", async () => {
    const trials = await run(0.01, { steps: 1000 });
    const at = (lr: number): RateTrial | undefined =>
      trials.find((trial) => Math.abs(Math.log(trial.lr / lr)) < 0.01);
    expect(at(0.1)).toMatchObject({ score: Infinity });
    expect(at(0.1)?.loss).toHaveLength(12);
    expect(at(0.001)?.loss).toHaveLength(LENGTH);
  });

  test("stays between the lowest and the highest rate", async () => {
    for (const best of [1e-6, 10]) {
      const trials = await run(best, { minLr: 2e-3, maxLr: 0.3, steps: 1000 });
      for (const { lr } of trials) expect(lr).toBe(Math.min(0.3, Math.max(2e-3, lr)));
    }
    expect(await run(0.01, { from: 1e-9, minLr: 1e-3, maxLr: 1.5e-3, steps: 1000 })).toHaveLength(1);
  });
});
