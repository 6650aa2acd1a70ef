import { describe, expect, test } from "vitest";
import { ignite } from "../../../src/rules/peers/ignite.js";
import { curveOf } from "../../support/sweeps.js";

describe("ignite", () => {
  test("takes the steepest fall before the lowest loss", () => {
    // The fall after the peak is steeper but comes after the lowest loss.
    expect(ignite(curveOf([5, 4.5, 2, 1, 9, 9, 3, 3])).index).toBe(2);
  });

  test("suggests nothing with fewer than three rungs in the fall", () => {
    expect(ignite(curveOf([2, 1, 3, 4, 5]))).toMatchObject({ lr: null, reason: "diverged-at-once" });
  });
});
