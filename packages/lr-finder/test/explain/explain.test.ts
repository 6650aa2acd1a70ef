import { describe, expect, test } from "vitest";
import type { Curve } from "../../src/curve.js";
import { LrFinder } from "../../src/lrFinder.js";
import type { RuleChoice } from "../../src/rules/rules.js";
import { averageCurves } from "../../src/sweep/averageCurves.js";
import { curveOf, diverged, flat, linear, makeSweep, typical } from "../support/sweeps.js";

const explained = (curve: Curve, rule: RuleChoice = "auto"): string => new LrFinder(curve).explain(rule);
const falling = curveOf(Array.from({ length: 40 }, (_, k) => 2 - k / 40));

describe("a search in words", () => {
  test("tells what was swept, what the loss did, what the rule took and what it suggests", () => {
    expect(explained(diverged, "valley")).toMatch(
      new RegExp(
        [
          "^Swept 84 rates from 1e-8 to 0\\.2 \\(exponential\\), one optimizer step each\\. Stopped: the loss diverged there\\.",
          "The smoothed loss starts at \\S+ and is lowest, \\S+, at \\S+\\.",
          "The rule valley takes the point half-way down the longest fall of the loss, and suggests \\S+, and takes \\S+ to \\S+ for usable\\.",
        ].join("\\n"),
      ),
    );
  });

  test("has a word for each rule, its own among them", () => {
    expect(explained(typical, "steepest")).toContain("falls fastest over log(lr), and suggests");
    expect(explained(linear, "steepest")).toContain("falls fastest over lr, and suggests");
    const mine: RuleChoice = () => ({ rule: "mine", lr: 1e-3, index: 50, range: [1e-3, 1e-3] });
    expect(explained(typical, mine)).toContain("The rule mine suggests 1e-3.");
  });

  test("tells what was known of the optimizer, and how much each reading counted", () => {
    expect(explained({ ...typical, optimizer: { name: "adam", weights: 8000 } })).toContain(
      "takes a weighted mean over log(lr) of 4.5e-3, usual with adam (80%) and the point half-way down the longest fall of the loss (20%), and suggests",
    );
    expect(explained({ ...typical, optimizer: { name: "sgd", weights: 8000, momentum: 0.9 } })).toContain(
      "usual with sgd (40%), the point half-way down the longest fall of the loss (40%) and the last rate that does not raise the loss (20%), and suggests",
    );
    expect(explained(typical)).toContain(
      "takes a mean over log(lr) of the point half-way down the longest fall of the loss and a tenth of the last rate that does not raise the loss, and suggests",
    );
  });

  test("tells of held-out losses, of averages and of trials", () => {
    const heldOut: Curve = { ...typical, valLoss: typical.loss, valSmoothed: typical.smoothed };
    expect(explained(heldOut)).toContain("The smoothed held-out loss starts at");
    expect(explained(averageCurves([typical, typical, typical]))).toContain("step each, 3 times, averaged.");
    const trials = [
      { lr: 0.1, loss: [2, 1.5, 1.25], score: 1.25 },
      { lr: 1, loss: [2, 90], score: Infinity },
    ];
    const tried = explained({ ...typical, trials });
    expect(tried).toContain(
      "Tried rates for up to 3 steps each, on the same batches: 0.1 came to 1.25, 1 was given up.",
    );
    expect(tried).toContain("takes the rate of the best trial, and suggests 0.1");
    const enclosed = [...trials, { lr: 0.03, loss: [2, 1.9, 1.5], score: 1.5 }];
    expect(explained({ ...typical, trials: enclosed })).toContain(
      "takes the lowest point of the parabola through the best trial and its neighbours",
    );
  });

  test.each<[string, Curve, string]>([
    ["flat", flat, "suggests nothing: the loss did not change.\nSee that the loss depends on weights"],
    ["rising", curveOf([1, 900], "diverged"), "suggests nothing: the loss never fell.\nLower `minLr`"],
    ["short", curveOf([2, 1]), "suggests nothing: too few rungs.\nRaise `numTraining`."],
    [
      "broken",
      curveOf([NaN], "not-finite"),
      "suggests nothing: the first loss was not a finite number.\nThe weights were",
    ],
    ["empty", curveOf([]), "The sweep is empty."],
  ])("says why a sweep that is %s gives no rate, and what to do", (_, curve, words) => {
    expect(explained(curve)).toContain(words);
  });

  test("gives no advice where all looks well", () => {
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
    ["has few rungs", curveOf([3, 2, 1, 2, 3]), "auto", "Only 5 rates could be read: raise `numTraining`"],
    [
      "is noisy",
      makeSweep({ count: 100, low: 1e-6, high: 1, loss: (lr) => 2 - 0.1 * lr, noise: 0.5 }),
      "auto",
      "The loss is noisy: a rung is off by about",
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
      "Rules disagree, from",
    ],
  ])("advises on a sweep that %s", (_, curve, rule, words) => {
    expect(explained(curve, rule)).toContain(words);
    expect(explained(typical)).not.toContain(words);
  });
});
