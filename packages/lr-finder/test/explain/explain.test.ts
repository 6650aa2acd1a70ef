import { describe, expect, test } from "vitest";
import type { Curve } from "../../src/curve/curve.js";
import { LrFinder } from "../../src/lrFinder.js";
import type { RuleChoice } from "../../src/rules/rules.js";
import { averageCurves } from "../../src/sweep/repeatedSweep.js";
import { curveOf, diverged, flat, linear, typical } from "../support/sweeps.js";

const explained = (curve: Curve, rule: RuleChoice = "auto"): string => new LrFinder(curve).explain(rule);

describe("the description of a search", () => {
  test("names the sweep, the loss, what the rule takes and what it suggests", () => {
    expect(explained(diverged, "valley")).toMatch(
      new RegExp(
        [
          "^Swept 84 rates from 1e-8 to 0\\.2 \\(exponential\\), one optimizer step each\\. It stopped there because the loss diverged\\.",
          "The smoothed loss starts at \\S+; its minimum is \\S+ at lr \\S+\\.",
          "The rule valley takes the middle of the longest fall of the loss\\. It suggests \\S+; rates from \\S+ to \\S+ are usable\\.",
        ].join("\\n"),
      ),
    );
  });

  test("describes each rule, also a user's rule", () => {
    expect(explained(typical, "steepest")).toContain("falls fastest over log(lr). It suggests");
    expect(explained(linear, "steepest")).toContain("falls fastest over lr. It suggests");
    const mine: RuleChoice = () => ({ rule: "mine", lr: 1e-3, index: 50, range: [1e-3, 1e-3] });
    expect(explained(typical, mine)).toContain("The rule mine suggests 1e-3.");
  });

  test("names the usual rate of the optimizer and all weights", () => {
    expect(explained({ ...typical, optimizer: { name: "adam", weights: 8000 } })).toContain(
      "takes a weighted geometric mean, 80% prior knowledge and 20% curve: 80% the usual rate of adam (4.5e-3), 20% the middle of the longest fall of the loss. It suggests",
    );
    expect(explained({ ...typical, optimizer: { name: "sgd", weights: 8000, momentum: 0.9 } })).toContain(
      "), 10% the middle of the longest fall of the loss, 60% a tenth of the highest rate that does not raise the loss. It suggests",
    );
    expect(explained(typical)).toContain(
      "takes the geometric mean of the middle of the longest fall of the loss and a tenth of the highest rate that does not raise the loss: all of it is read from the curve. It suggests",
    );
  });

  test("names held-out losses, averages and trials", () => {
    const heldOut: Curve = { ...typical, valLoss: typical.loss, valSmoothed: typical.smoothed };
    expect(explained(heldOut)).toContain("The smoothed held-out loss starts at");
    expect(explained(averageCurves([typical, typical, typical]))).toContain(
      "step each, averaged over 3 sweeps.",
    );
    const trials = [
      { lr: 0.1, loss: [2, 1.5, 1.25], score: 1.25 },
      { lr: 1, loss: [2, 90], score: Infinity },
    ];
    const tried = explained({ ...typical, trials });
    expect(tried).toContain(
      "Ran trials of up to 3 steps each on the same batches: 0.1 reached 1.25, 1 was stopped early.",
    );
    expect(tried).toContain("takes the rate of the best trial. It suggests 0.1");
    const enclosed = [...trials, { lr: 0.03, loss: [2, 1.9, 1.5], score: 1.5 }];
    expect(explained({ ...typical, trials: enclosed })).toContain(
      "takes the minimum of the parabola through the best trial and its neighbours",
    );
  });

  test.each<[string, Curve, string]>([
    [
      "flat",
      flat,
      "suggests no rate: the loss did not change.\nCheck that the loss depends on trainable weights",
    ],
    ["rising", curveOf([1, 900], "diverged"), "suggests no rate: the loss never fell.\nLower `minLr`"],
    ["short", curveOf([2, 1]), "suggests no rate: too few rates.\nRaise `numTraining`."],
    [
      "broken",
      curveOf([NaN], "not-finite"),
      "suggests no rate: the first loss is not finite.\nNo training made it so: look for NaN in the data",
    ],
    ["empty", curveOf([]), "The sweep is empty."],
  ])("names the reason why a %s sweep gives no suggestion, and gives advice", (_, curve, words) => {
    expect(explained(curve)).toContain(words);
  });
});
