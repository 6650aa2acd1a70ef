import { describe, expect, test } from "vitest";
import { makeDivergenceWatch } from "../src/sweep/divergence.js";
import { makeLadder } from "../src/sweep/ladder.js";
import { makeSmoother } from "../src/sweep/smoother.js";

test("an exponential ladder has exact ends and a constant factor", () => {
  const ladder = makeLadder({ minLr: 1e-7, maxLr: 10, numTraining: 9, mode: "exponential" });
  expect([ladder[0], ladder.at(-1)]).toEqual([1e-7, 10]);
  for (const [index, lr] of ladder.slice(1).entries()) expect(lr / (ladder[index] ?? NaN)).toBeCloseTo(10, 9);
});

test("a linear ladder has exact ends and a constant difference", () => {
  const ladder = makeLadder({ minLr: 0, maxLr: 0.3, numTraining: 4, mode: "linear" });
  expect(ladder).toEqual([0, expect.closeTo(0.1, 12), expect.closeTo(0.2, 12), 0.3]);
});

test("smoothing is bias-corrected: a constant stays itself from the first value on", () => {
  const smooth = makeSmoother(0.98);
  for (let step = 0; step < 50; step++) expect(smooth(2.3)).toBeCloseTo(2.3, 10);
  const plain = makeSmoother(0);
  expect([3, 1, 2].map(plain)).toEqual([3, 1, 2]);
});

describe("a loss has diverged", () => {
  const firstDiverged = (threshold: number | null, losses: number[]): number =>
    losses.findIndex(makeDivergenceWatch(threshold));

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
});
