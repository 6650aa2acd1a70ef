import { describe, expect, test } from "vitest";
import { makeDivergenceTest } from "../../src/sweep/divergence.js";

describe("a loss has diverged", () => {
  const firstDiverged = (threshold: number | null, losses: number[], untrained = 0): number => {
    const hasDiverged = makeDivergenceTest(threshold, untrained);
    return losses.findIndex((loss) => hasDiverged(loss, loss));
  };

  test("if it exceeds the threshold times its minimum", () => {
    expect(firstDiverged(4, [2, 1, 3.9, 4.1])).toBe(3);
  });
  test("never, without a threshold", () => {
    expect(firstDiverged(null, [1, 1e9])).toBe(-1);
  });
  test("if a negative loss has risen by three times its fall", () => {
    expect(firstDiverged(4, [1, -1, -2, 5, 6.9, 7.1])).toBe(5);
    expect(firstDiverged(4, [-5, -6, -7, -6])).toBe(-1);
  });
  test("at no rate too low to change the model", () => {
    expect(firstDiverged(4, [1, 5, 9, 9, 10], 3)).toBe(4);
    expect(firstDiverged(4, [1, 1.5, 2, 3.9, 4.1], 3)).toBe(4);
  });
  test("if it also exceeds the noise between batches", () => {
    expect(firstDiverged(4, [0.01, 0.001, 0.06, 0.05, 0.06, 0.07], 3)).toBe(5);
    expect(firstDiverged(4, [0, 0, 0.06, 0.05, 0.06, 0.07], 3)).toBe(5);
  });
});
