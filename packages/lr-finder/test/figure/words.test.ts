import { describe, expect, test } from "vitest";
import { formatLoss } from "../../src/figure/formatLoss.js";
import { formatRate } from "../../src/figure/formatRate.js";
import { logTicks } from "../../src/figure/logTicks.js";
import { figureInWords } from "../../src/figure/words.js";
import { auto } from "../../src/rules/auto.js";
import { diverged, flat } from "../support/sweeps.js";

describe("numbers", () => {
  test.each([
    [0.0032, "3.2e-3"],
    [0.02, "0.02"],
    [1e-7, "1e-7"],
    [0.31622, "0.32"],
    [1, "1"],
    [9.96e-3, "0.01"],
    [12345, "1.2e4"],
    [0, "0"],
  ])("the rate %d is written %s", (lr, text) => expect(formatRate(lr)).toBe(text));

  test.each([
    [0.69314718, "0.6931"],
    [2.5, "2.5"],
    [1957.289, "1957"],
    [13322311, "1.332e7"],
    [-3.25, "−3.25"],
    [NaN, "NaN"],
    [Infinity, "∞"],
  ])("the loss %d is written %s", (loss, text) => expect(formatLoss(loss)).toBe(text));
});

describe("ticks of a logarithmic axis", () => {
  test("stand at decades, both ends included", () => {
    expect(logTicks(1e-7, 1, 10).major).toEqual([1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]);
  });

  test("skip decades where there is little room", () => {
    expect(logTicks(1e-8, 10, 5).major).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1]);
  });

  test("stand within a decade where the axis is short", () => {
    expect(logTicks(0.015, 0.3, 8).major).toEqual([0.02, 0.05, 0.1, 0.2]);
  });
});

describe("a figure in words", () => {
  test("tells the sweep, its bottom, its end and the pick", () => {
    expect(figureInWords({ curve: diverged, suggestion: auto(diverged) })).toMatch(
      /^Training loss against learning rate \(log scale\), 84 rungs from 1e-8 to 0\.2\. The smoothed loss starts at \S+ and is lowest, \S+, at \S+\. The sweep was stopped: the loss diverged\. Suggested lr \S+ \(auto\), usable \S+ to \S+\.$/,
    );
  });

  test("tells what rates were tried for longer", () => {
    const trials = [{ lr: 0.02, loss: [2, 1], score: 1 }];
    expect(figureInWords({ curve: { ...diverged, trials } })).toContain("Rates were tried for longer: 0.02.");
  });

  test("tells why there is no pick", () => {
    expect(figureInWords({ curve: flat, suggestion: auto(flat) })).toContain(
      "No suggestion (auto): the loss did not change.",
    );
  });
});
