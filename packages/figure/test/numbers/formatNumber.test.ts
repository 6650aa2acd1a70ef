import { describe, expect, test } from "vitest";
import { formatLoss, formatRate } from "../../src/numbers/formatNumber.js";

describe("the format of numbers", () => {
  test.each([
    [0.0032, "3.2e-3"],
    [0.02, "0.02"],
    [1e-7, "1e-7"],
    [0.31622, "0.32"],
    [1, "1"],
    [9.96e-3, "0.01"],
    [12345, "1.2e4"],
    [0, "0"],
  ])("of the rate %d is %s", (lr, text) => expect(formatRate(lr)).toBe(text));

  test.each([
    [0.69314718, "0.6931"],
    [2.5, "2.5"],
    [1957.289, "1957"],
    [13322311, "1.332e7"],
    [-3.25, "−3.25"],
    [NaN, "NaN"],
    [Infinity, "∞"],
  ])("of the loss %d is %s", (loss, text) => expect(formatLoss(loss)).toBe(text));
});
