import { expect, test } from "vitest";
import { makeLadder, rungsOfGrowth } from "../../src/curve/ladder.js";

test("an exponential ladder has exact ends and a constant factor", () => {
  const ladder = [...makeLadder({ minLr: 1e-7, maxLr: 10, numTraining: 9, mode: "exponential" })];
  expect([ladder[0], ladder.at(-1)]).toEqual([1e-7, 10]);
  for (const [index, lr] of ladder.slice(1).entries()) expect(lr / (ladder[index] ?? NaN)).toBeCloseTo(10, 9);
});

test("a linear ladder has exact ends and a constant difference", () => {
  const ladder = [...makeLadder({ minLr: 0, maxLr: 0.3, numTraining: 4, mode: "linear" })];
  expect(ladder).toEqual([0, expect.closeTo(0.1, 12), expect.closeTo(0.2, 12), 0.3]);
});

test("a ladder with a given growth increases by this factor up to its exact end", () => {
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

test("a ladder is generated lazily", () => {
  const ladder = makeLadder({ minLr: 1, maxLr: 2, numTraining: Number.MAX_SAFE_INTEGER, mode: "linear" });
  expect(ladder.next()).toEqual({ done: false, value: 1 });
});
