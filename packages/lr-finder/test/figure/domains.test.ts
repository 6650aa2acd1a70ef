import { describe, expect, test } from "vitest";
import { changeScale } from "../../src/figure/domains.js";

describe("the axis of slopes", () => {
  test("shows zero, the steepest fall and the explosion", () => {
    for (const changes of [[-1, 0.2, 3000], [-1, -2], [1, 2], [0, 0], [], [NaN, Infinity]]) {
      const { domain, scale } = changeScale(changes);
      for (const value of [0, ...changes.filter(Number.isFinite)]) {
        expect(scale(value)).toBeGreaterThanOrEqual(0);
        expect(scale(value)).toBeLessThanOrEqual(1);
      }
      expect(domain[0]).toBeLessThan(domain[1]);
    }
  });
});
