import { describe, expect, test } from "vitest";
import type { Curve } from "../../../src/curve/curve.js";
import { minimum, valley } from "../../../src/rules/peers/fastai.js";
import { curveOf } from "../../support/sweeps.js";

const falling = (count: number): Curve => curveOf(Array.from({ length: count }, (_, k) => 2 - k / count));

describe("minimum", () => {
  test("is a tenth of the rate of the lowest loss", () => {
    const curve = curveOf([3, 2, 1, 2, 3]);
    expect(minimum(curve).lr).toBeCloseTo((curve.lr[2] ?? NaN) / 10, 15);
  });

  test("can be below the sweep, and its range includes it", () => {
    const said = minimum(curveOf([3, 2, 1, 2, 3]));
    expect(said).toMatchObject({ index: 0 });
    expect(said.range?.[0]).toBe(said.lr);
  });
});

describe("valley", () => {
  test("takes the middle of a curve that only falls", () => {
    expect(valley(falling(50)).index).toBe(23);
  });

  test("never reads before the start of a short curve", () => {
    expect(valley(falling(3)).index).toBe(0);
  });

  test("reports two rungs as too few", () => {
    expect(valley(falling(2))).toMatchObject({ lr: null, reason: "too-few-points" });
  });
});
