import { describe, expect, test } from "vitest";
import { makeDivergenceTest } from "../../src/sweep/divergence.js";

describe("a loss has diverged", () => {
  const firstDiverged = (threshold: number | null, losses: number[], untrained = 0): number => {
    const hasDiverged = makeDivergenceTest(threshold, untrained);
    return losses.findIndex((loss) => hasDiverged(loss, loss));
  };

  test("if it has risen by three times its fall", () => {
    expect(firstDiverged(4, [2, 1, 3.9, 4.1])).toBe(3);
  });
  test("never, without a threshold", () => {
    expect(firstDiverged(null, [1, 1e9])).toBe(-1);
  });
  test("whether it is negative or not", () => {
    expect(firstDiverged(4, [1, -1, -2, 5, 6.9, 7.1])).toBe(5);
    expect(firstDiverged(4, [-5, -6, -7, -6])).toBe(-1);
  });
  test("at no rate too low to change the model", () => {
    expect(firstDiverged(4, [1, 5, 9, 9, 24, 26], 3)).toBe(5);
    expect(firstDiverged(4, [1, 1.5, 2, 3.9, 4.1], 3)).toBe(4);
  });
  test("if it has also risen by three times the noise between batches", () => {
    expect(firstDiverged(4, [0.01, 0.001, 0.06, 0.05, 0.06, 0.17, 0.18], 3)).toBe(6);
    expect(firstDiverged(4, [0, 0, 0.06, 0.05, 0.06, 0.17, 0.19], 3)).toBe(6);
  });
  test("but not by a change that is lost in the rounding of the loss", () => {
    expect(firstDiverged(4, [1, 1, 1.0000029])).toBe(-1);
    expect(firstDiverged(4, [1, 1, 1.0000031])).toBe(2);
  });
  test("whatever constant is added to it", () => {
    const losses = [2.3, 2.1, 2.2, 2.0, 1.1, 0.4, 0.01, 0.3, 1.9, 6.8, 7.1, 30];
    for (const constant of [-40, -2, 0, 1, 100])
      expect(
        firstDiverged(
          4,
          losses.map((loss) => loss + constant),
          3,
        ),
      ).toBe(10);
  });
});
