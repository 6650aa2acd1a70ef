import { describe, expect, test } from "vitest";
import { figureInWords } from "../../src/figure/figureData.js";
import { auto } from "../../src/rules/auto.js";
import { diverged, flat } from "../support/sweeps.js";

describe("the description of a figure", () => {
  test("names the sweep, the minimum, the end and the suggestion", () => {
    expect(figureInWords({ curve: diverged, suggestion: auto(diverged) })).toMatch(
      /^Training loss against learning rate \(log scale\), 84 rates from 1e-8 to 0\.2\. The smoothed loss starts at \S+; its minimum is \S+ at lr \S+\. The sweep stopped: the loss diverged\. Suggested lr \S+ \(auto\), usable \S+ to \S+\.$/,
    );
  });

  test("names the trials", () => {
    const trials = [{ lr: 0.02, loss: [2, 1], score: 1 }];
    expect(figureInWords({ curve: { ...diverged, trials } })).toContain("Trials at constant rates: 0.02.");
  });

  test("names the reason for no suggestion", () => {
    expect(figureInWords({ curve: flat, suggestion: auto(flat) })).toContain(
      "No suggestion (auto): the loss did not change.",
    );
  });
});
