import { describe, expect, test } from "vitest";
import type { Curve } from "../../src/curve/curve.js";
import { LrFinder } from "../../src/lrFinder.js";
import { suggest, type RuleChoice } from "../../src/rules/rules.js";
import { curveOf, diverged, linear, makeSweep, typical } from "../support/sweeps.js";

const explained = (curve: Curve, rule: RuleChoice = "auto"): string => new LrFinder(curve).explain(rule);

const falling = curveOf(Array.from({ length: 40 }, (_, k) => 2 - k / 40));

describe("the description of a search", () => {
  test("gives no advice if nothing looks wrong", () => {
    const clean = makeSweep({
      ...{ count: 100, low: 1e-5, high: 10 },
      loss: (lr) => 1 + 2 / (1 + (lr / 0.05) ** 1.2) + (lr / 3) ** 2,
    });
    expect(explained(clean).split("\n")).toHaveLength(3);
  });

  test.each<[string, Curve, RuleChoice, string]>([
    [
      "still falls at the end",
      falling,
      "auto",
      "The loss was still falling at the highest rate: raise `maxLr`.",
    ],
    ["has its pick below the sweep", curveOf([3, 2, 1, 2, 3]), "minimum", "lower `minLr` (1e-6)."],
    [
      "has few rungs",
      curveOf([3, 2, 1, 2, 3]),
      "auto",
      "Only 5 rates have a readable loss: raise `numTraining`",
    ],
    [
      "is noisy",
      makeSweep({ count: 100, low: 1e-6, high: 1, loss: (lr) => 2 - 0.1 * lr, noise: 0.5 }),
      "auto",
      "The loss is noisy: its standard deviation is about",
    ],
    [
      "spends a linear ladder on a wide range",
      { ...makeSweep({ count: 400, low: 1e-6, high: 1, mode: "linear", loss: (lr) => 1 + (lr - 0.5) ** 2 }) },
      "auto",
      'use `mode: "exponential"`',
    ],
    [
      "lets rules disagree",
      makeSweep({
        ...{ count: 100, low: 1e-7, high: 10 },
        loss: (lr) => 4 - Math.log10(lr / 1e-7) / 4 + (lr > 3 ? 40 : 0),
      }),
      "auto",
      "The rules disagree, from",
    ],
  ])("gives advice on a sweep that %s", (_, curve, rule, words) => {
    expect(explained(curve, rule)).toContain(words);
    expect(explained(typical)).not.toContain(words);
  });
});

describe("auto", () => {
  const idle = makeSweep({ count: 100, low: 1e-12, high: 1e-11, loss: () => 1, noise: 0.3 });

  const adam = { name: "adam", weights: 41 };

  test("suggests nothing on a curve of pure noise, and explains it", () => {
    expect(suggest(idle)).toMatchObject({ rule: "auto", lr: null, reason: "flat" });
    expect(new LrFinder(idle).explain()).toContain(
      "suggests no rate: the loss changed only by the noise between batches.\nCheck that the loss depends on trainable weights",
    );
    expect(new LrFinder(idle).explain()).toContain("The loss is noisy");
  });

  test("names the usual rate if it is outside the ladder", () => {
    expect(new LrFinder({ ...idle, optimizer: adam }).explain()).toContain(
      "The usual rate of adam, 0.026, is far above the highest rate of the sweep, 1e-11: raise `maxLr`.",
    );
    const falling = makeSweep({ count: 100, low: 1e-7, high: 1e-5, loss: (lr) => 1 - 1e4 * lr });
    const low = new LrFinder({ ...falling, optimizer: adam });
    expect(low.suggestion()).toBeGreaterThan(0);
    expect(low.explain()).toContain("is far above the highest rate of the sweep, 1e-5: raise `maxLr`.");
    const rising = makeSweep({ count: 100, low: 1, high: 100, loss: (lr) => lr, stopped: "diverged" });
    expect(new LrFinder({ ...rising, optimizer: adam }).explain()).toContain(
      "suggests no rate: the loss never fell.\nThe usual rate of adam, 0.026, is far below the lowest rate of the sweep, 1: lower `minLr`.",
    );
  });

  test("does not mention it if the ladder contains it, or if the sweep stopped early", () => {
    for (const curve of [typical, diverged, linear])
      expect(new LrFinder({ ...curve, optimizer: adam }).explain()).not.toContain(
        "The usual rate of adam, 0.026, is",
      );
    const stopped = { ...diverged, optimizer: { name: "adagrad", weights: 1 } };
    expect(new LrFinder(stopped).explain()).not.toContain("raise `maxLr`");
  });
});
