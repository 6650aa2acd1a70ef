import { describe, expect, test } from "vitest";
import { makeDivergenceWatch } from "../src/sweep/divergence.js";
import { makeLadder, rungsOfGrowth } from "../src/sweep/ladder.js";
import { makeSmoother } from "../src/sweep/smoother.js";

test("an exponential ladder has exact ends and a constant factor", () => {
  const ladder = [...makeLadder({ minLr: 1e-7, maxLr: 10, numTraining: 9, mode: "exponential" })];
  expect([ladder[0], ladder.at(-1)]).toEqual([1e-7, 10]);
  for (const [index, lr] of ladder.slice(1).entries()) expect(lr / (ladder[index] ?? NaN)).toBeCloseTo(10, 9);
});

test("a linear ladder has exact ends and a constant difference", () => {
  const ladder = [...makeLadder({ minLr: 0, maxLr: 0.3, numTraining: 4, mode: "linear" })];
  expect(ladder).toEqual([0, expect.closeTo(0.1, 12), expect.closeTo(0.2, 12), 0.3]);
});

test("a ladder of a given growth climbs by that factor until it reaches its end, which is exact", () => {
  const climb = (minLr: number, maxLr: number, growth: number): number[] => [
    ...makeLadder({
      minLr,
      maxLr,
      growth,
      mode: "exponential",
      numTraining: rungsOfGrowth(minLr, maxLr, growth),
    }),
  ];
  expect(climb(1, 10, 2)).toEqual([1, 2, 4, 8, 10]);
  expect(climb(1e-7, 1e-1, 10)).toHaveLength(7);
  expect(climb(1e-3, 2e-3, 5)).toEqual([1e-3, 2e-3]);
  for (const growth of [1.1, 1.3, 1.7782794100389228]) {
    const rates = climb(1e-6, 10, growth);
    const factors = rates.slice(1).map((lr, rung) => lr / (rates[rung] ?? NaN));
    expect(Math.max(...factors)).toBeLessThanOrEqual(growth * (1 + 1e-9));
    for (const factor of factors.slice(0, -1)) expect(factor).toBeCloseTo(growth, 9);
    expect(factors.at(-1)).toBeGreaterThan(1 + 1e-9);
    expect([rates[0], rates.at(-1)]).toEqual([1e-6, 10]);
  }
});

test("smoothing is bias-corrected: a constant stays itself from the first value on", () => {
  const smooth = makeSmoother(0.98);
  for (let step = 0; step < 50; step++) expect(smooth(2.3)).toBeCloseTo(2.3, 10);
  const plain = makeSmoother(0);
  expect([3, 1, 2].map(plain)).toEqual([3, 1, 2]);
});

describe("a loss has diverged", () => {
  const firstDiverged = (threshold: number | null, losses: number[], untrained = 0): number => {
    const hasDiverged = makeDivergenceWatch(threshold, untrained);
    return losses.findIndex((loss) => hasDiverged(loss, loss));
  };

  test("when it exceeds the threshold times the best", () => {
    expect(firstDiverged(4, [2, 1, 3.9, 4.1])).toBe(3);
  });
  test("never, without a threshold", () => {
    expect(firstDiverged(null, [1, 1e9])).toBe(-1);
  });
  test("when a negative loss has risen by three times what it fell", () => {
    expect(firstDiverged(4, [1, -1, -2, 5, 6.9, 7.1])).toBe(5);
    expect(firstDiverged(4, [-5, -6, -7, -6])).toBe(-1);
  });
  test("at no rate too low to train", () => {
    expect(firstDiverged(4, [1, 5, 9, 9, 10], 3)).toBe(4);
    expect(firstDiverged(4, [1, 1.5, 2, 3.9, 4.1], 3)).toBe(4);
  });
  test("when it exceeds what batches alone make of it, too", () => {
    expect(firstDiverged(4, [0.01, 0.001, 0.06, 0.05, 0.06, 0.07], 3)).toBe(5);
    expect(firstDiverged(4, [0, 0, 0.06, 0.05, 0.06, 0.07], 3)).toBe(5);
  });
});
