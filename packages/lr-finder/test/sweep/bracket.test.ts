import { describe, expect, test } from "vitest";
import { auto, type RateTrial } from "@fulmine/lr-finder";
import { bracket } from "../../src/sweep/bracket.js";
import { typical } from "../support/sweeps.js";

const LENGTH = 28;
const inDecades = (lr: number): number => Math.log10(lr);

/** Trials whose loss falls fastest at the rate `best`, explodes above `edge`, and stays constant below `slowest`. */
const run = async (
  best: number,
  {
    from = 0.01,
    edge = Infinity,
    slowest = 0,
    steps = 3 * LENGTH,
    minLr = 1e-6,
    maxLr = 10,
    noise = -Infinity,
    peak = 0,
    peaks = 1,
  } = {},
): Promise<readonly RateTrial[]> =>
  bracket({
    ...{ from, levels: { untrained: 2, noise }, minLr, maxLr, length: LENGTH, steps },
    tryRate(lr, isHopeless) {
      const speed = lr > edge ? -20 : lr < slowest ? 0 : Math.exp(-(Math.log10(lr / best) ** 2));
      const loss: number[] = [];
      while (loss.length < LENGTH) {
        const isPeak = loss.length >= 6 && loss.length < 6 + peaks;
        loss.push(2 + (isPeak ? peak : 0) - speed * (1 - 0.9 ** loss.length));
        if (isHopeless(loss)) return Promise.resolve({ lr, loss, score: Infinity });
      }
      return Promise.resolve({ lr, loss, score: loss.at(-1) ?? NaN });
    },
  });
const tried = (trials: readonly RateTrial[]): readonly number[] =>
  trials.map(({ lr }) => Number(inDecades(lr).toFixed(2)));

describe("bracketing", () => {
  test("tries rates around the start, and between them if neither is clearly better", async () => {
    expect(tried(await run(0.01))).toEqual([-2.25, -1.75, -2]);
  });

  test("continues beyond a rate that is clearly better, on either side", async () => {
    expect(tried(await run(0.1))).toEqual([-2.25, -1.75, -1.25]);
    expect(tried(await run(1e-3))).toEqual([-2.25, -1.75, -2.75]);
  });

  test("goes on beyond an outermost rate that leads by little, while steps remain", async () => {
    const steps = 4 * LENGTH;
    expect(tried(await run(10 ** -1.85, { steps }))).toEqual([-2.25, -1.75, -2, -1.25]);
    expect(tried(await run(10 ** -2.15, { steps }))).toEqual([-2.25, -1.75, -2, -2.75]);
  });

  test.each([1e-4, 1e-3, 1e-2, 0.1, 1])("finds a best rate of %d if it has enough steps", async (best) => {
    const trials = await run(best, { steps: 1000 });
    expect(Math.abs(inDecades((auto({ ...typical, trials }).lr ?? NaN) / best))).toBeLessThan(0.1);
  });

  test("ends when the rates are close together, even if steps remain", async () => {
    const rates = tried(await run(0.01, { steps: 1e6 })).toSorted((a, b) => a - b);
    expect(rates).toEqual([-2.25, -2, -1.75]);
  });

  test.each([28, 60, 84, 200])("takes at most its %d steps, in complete trials", async (steps) => {
    for (const best of [1e-4, 0.01, 1]) {
      const lengths = (await run(best, { steps })).map(({ loss }) => loss.length);
      expect(new Set(lengths)).toEqual(new Set([LENGTH]));
      expect(lengths.length * LENGTH).toBeLessThanOrEqual(steps);
    }
  });

  test("stops exploding trials early, and continues at lower rates", async () => {
    const trials = await run(1e-3, { from: 1, edge: 0.02 });
    expect(tried(trials)).toEqual([-0.25, 0.25, -0.75, -1.25, -1.75, -2.25]);
    expect(trials.map(({ loss }) => loss.length)).toEqual([7, 7, 7, 7, 28, 28]);
    expect(trials.at(-1)?.score).toBeLessThan(2);
  });

  test("completes slow trials", async () => {
    const [slow, fast] = await run(0.1, { slowest: 0.01 });
    expect(slow).toMatchObject({ score: 2 });
    expect(slow?.loss).toHaveLength(LENGTH);
    expect(fast?.score).toBeLessThan(2);
  });

  test("does not stop a trial for an odd batch or for the noise between batches", async () => {
    for (const options of [{ peak: 50 }, { peak: 50, noise: 50 }, { peak: 10, peaks: 20, noise: 50 }])
      for (const { loss } of await run(0.01, options)) expect(loss).toHaveLength(LENGTH);
    for (const { loss } of await run(0.01, { peak: 10, peaks: 20 })) expect(loss).toHaveLength(9);
  });

  test("stays between the lowest and the highest rate, and tries no rate twice", async () => {
    for (const best of [1e-6, 10]) {
      const rates = (await run(best, { minLr: 2e-3, maxLr: 0.3, steps: 1000 })).map(({ lr }) => lr);
      expect(new Set(rates).size).toBe(rates.length);
      for (const lr of rates) expect(lr).toBe(Math.min(0.3, Math.max(2e-3, lr)));
    }
    const narrow = await run(0.01, { from: 1e-9, minLr: 1e-3, maxLr: 1.5e-3, steps: 1000 });
    expect(narrow.map(({ lr }) => lr)).toEqual([1e-3, 1.5e-3]);
  });
});
