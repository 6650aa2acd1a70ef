import { expect, test } from "vitest";
import { makeSmoother } from "../../src/curve/statistics.js";

test("smoothing is bias-corrected: the mean of a constant is the constant from the first value", () => {
  const smooth = makeSmoother(0.98);
  for (let step = 0; step < 50; step++) expect(smooth(2.3)).toBeCloseTo(2.3, 10);
  const plain = makeSmoother(0);
  expect([3, 1, 2].map(plain)).toEqual([3, 1, 2]);
});
