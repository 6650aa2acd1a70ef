import { describe, expect, test } from "vitest";
import { auto, type Curve, type RateTrial } from "@fulmine/lr-finder";
import { typical } from "../support/sweeps.js";

const trialAt = (lr: number, score: number): RateTrial => ({ lr, loss: [2, score], score });
const curve = (...trials: RateTrial[]): Curve => ({ ...typical, trials });

describe("auto on trials", () => {
  test("takes the minimum of the parabola through the best trial and its neighbours", () => {
    const bowl = (exponent: number): RateTrial => trialAt(10 ** exponent, 1 + (exponent + 1.8) ** 2);
    expect(auto(curve(bowl(-3), bowl(-2), bowl(-1))).lr).toBeCloseTo(10 ** -1.8, 9);
    expect(auto(curve(bowl(-2), bowl(-2.3), bowl(-4), bowl(-1.3))).lr).toBeCloseTo(10 ** -1.8, 9);
  });

  test("takes the rate of the best trial if it lacks a neighbour", () => {
    expect(auto(curve(trialAt(0.01, 1), trialAt(0.1, 0.5)))).toMatchObject({ lr: 0.1, basis: "trials" });
    const givenUp = [trialAt(0.001, Infinity), trialAt(0.1, Infinity)];
    expect(auto(curve(trialAt(0.01, 1), ...givenUp)).lr).toBe(0.01);
  });

  test("does not depend on the height of an explosion", () => {
    const pick = (score: number): number | null =>
      auto(curve(trialAt(0.001, 1.2), trialAt(0.01, 1), trialAt(0.1, score))).lr;
    expect(pick(Infinity)).toBe(pick(50));
    expect(pick(50)).toBe(pick(1.6));
    expect(pick(50)).toBeGreaterThan(0.001);
    expect(pick(50)).toBeLessThan(0.01);
  });

  test("has a range of the rates with nearly the best score", () => {
    const trials = [trialAt(0.001, 1.9), trialAt(0.01, 1.05), trialAt(0.03, 1), trialAt(0.3, 1.5)];
    const { range, lr } = auto(curve(...trials));
    expect(range).toEqual([0.01, Math.max(lr ?? NaN, 0.03)]);
  });

  test("suggests nothing if all trials stopped early", () => {
    expect(auto(curve(trialAt(1e-6, Infinity), trialAt(1e-7, Infinity)))).toMatchObject({
      reason: "diverged-at-once",
    });
  });
});
