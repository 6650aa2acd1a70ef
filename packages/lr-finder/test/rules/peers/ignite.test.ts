import { describe, expect, test } from "vitest";
import { ignite } from "../../../src/rules/peers/ignite.js";
import { curveOf } from "../../support/sweeps.js";

describe("ignite", () => {
  test("looks for the steepest point only up to the lowest loss", () => {
    // The drop after the peak is the steepest, but comes after the lowest loss.
    expect(ignite(curveOf([5, 4.5, 2, 1, 9, 9, 3, 3])).index).toBe(2);
  });

  test("finds nothing with fewer than three falling rungs", () => {
    expect(ignite(curveOf([2, 1, 3, 4, 5]))).toMatchObject({ lr: null, reason: "diverged-at-once" });
  });
});
