import { expect, test } from "vitest";
import { makeSmoother } from "../../src/curve/statistics.js";

test("smoothing is bias-corrected: a constant stays itself from the first value on", () => {
  const smooth = makeSmoother(0.98);
  for (let step = 0; step < 50; step++) expect(smooth(2.3)).toBeCloseTo(2.3, 10);
  const plain = makeSmoother(0);
  expect([3, 1, 2].map(plain)).toEqual([3, 1, 2]);
});
