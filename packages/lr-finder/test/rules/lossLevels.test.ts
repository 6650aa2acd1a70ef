import { describe, expect, test } from "vitest";
import { lossLevels, type LossLevels } from "../../src/rules/lossLevels.js";
import { typical } from "../support/sweeps.js";

describe("the loss levels of an untrained model", () => {
  const levels = (...loss: number[]): LossLevels => lossLevels({ ...typical, loss });

  test("are the median of the first losses", () => {
    expect(levels(2, 2.2, 1.9, 0.5, 9)).toEqual({ untrained: 2, noise: -Infinity });
    expect(levels(-2, -2, -1, -3, 5).untrained).toBe(-2);
  });

  test("include the highest loss if batches differ by a large factor", () => {
    expect(levels(0.02, 0.03, 0.01, 5, 9).noise).toBe(-Infinity);
    expect(levels(0.02, 0.05, 0.01, 5, 9).noise).toBe(0.05);
  });
});
