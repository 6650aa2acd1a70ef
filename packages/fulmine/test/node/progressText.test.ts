import { describe, expect, test } from "vitest";
import { progressText } from "../../src/node/progressText.js";

const sweep = {
  ...{ label: "Finding the learning rate", done: 53, total: 100, secondsLeft: 1.2 },
  values: { lr: "4.8e-3", loss: "2.18", best: "2.18" },
};

describe("progressText", () => {
  test("draws a bar in the columns that the numbers leave", () => {
    const numbers = " 53/100  2 s left  lr 4.8e-3  loss 2.18  best 2.18";
    expect(progressText(sweep, 200)).toBe(`Finding the learning rate  █████████████░░░░░░░░░░░  ${numbers}`);
    expect(progressText(sweep, 95)).toBe(`Finding the learning rate  ████████░░░░░░░  ${numbers}`);
    expect(progressText(sweep, 95)).toHaveLength(94);
  });

  test("leaves out the bar when 80 columns are too few", () => {
    const line = progressText(sweep, 80);
    expect(line).toMatch(/^Finding the learning rate {3}53\/100 {2}2 s left .* best 2\.18$/);
    expect(line.length).toBeLessThan(80);
  });

  test("leaves out unknown values", () => {
    expect(progressText({ ...sweep, total: null, secondsLeft: null, values: {} }, 80)).toBe(
      "Finding the learning rate  53",
    );
    expect(progressText({ ...sweep, done: 0, total: 0, secondsLeft: null }, 200)).toContain("░".repeat(24));
  });

  test.each([
    [59.2, "1 min 0 s left"],
    [3725, "1 h 2 min left"],
  ])("formats longer times in larger units", (secondsLeft, words) => {
    expect(progressText({ ...sweep, secondsLeft }, 200)).toContain(words);
  });
});
