import { describe, expect, test } from "vitest";
import { lossChange } from "../../src/curve/gradient.js";
import { curveOf, makeSweep } from "../support/sweeps.js";

describe("the slope of a loss", () => {
  test("is per decade on exponential sweeps and per unit on linear ones", () => {
    const falling = curveOf(Array.from({ length: 20 }, (_, k) => 5 - k / 10));
    for (const change of lossChange(falling)) expect(change).toBeCloseTo(-1, 9);
    const line = makeSweep({ count: 10, low: 0, high: 1, mode: "linear", loss: (lr) => 3 * lr });
    const plain = { ...line, smoothed: line.loss };
    for (const change of lossChange(plain)) expect(change).toBeCloseTo(3, 9);
  });

  test("is that of the loss that rules read, and NaN for other rungs", () => {
    const curve = curveOf([4, 3, 2, 1, NaN], "not-finite");
    const held = [1, NaN, 3, NaN, NaN];
    const changes = lossChange({ ...curve, valLoss: held, valSmoothed: held });
    expect(changes.map((change) => Number(change.toFixed(6)))).toEqual([10, NaN, 10, NaN, NaN]);
  });
});
