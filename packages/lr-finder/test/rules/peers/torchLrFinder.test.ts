import { describe, expect, test } from "vitest";
import { steepest } from "../../../src/rules/peers/torchLrFinder.js";
import { suggest } from "../../../src/rules/rules.js";
import { curveOf, typical } from "../../support/sweeps.js";

describe("steepest", () => {
  const whole = { skipBegin: 0, skipEnd: 0 };

  test.each([
    [[10, 8, 4, 1, 4, 16], 2],
    [[1, 0, 1, 2, 3, 4], 0],
    [[0, 1, 2, 3, 4, 3], 5],
  ])("reads %j like the tests of torch-lr-finder", (losses, index) => {
    expect(steepest(curveOf(losses), whole).index).toBe(index);
  });

  test("reads the slope over log(lr), so that noise at tiny rates has no effect", () => {
    const rate = suggest(typical, "steepest").lr ?? NaN;
    expect(rate).toBeGreaterThan(1e-3);
    expect(rate).toBeLessThan(0.1);
    expect(suggest(typical, "lightning").lr).toBeLessThan(1e-5);
  });
});
