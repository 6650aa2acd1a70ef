import { describe, expect, test } from "vitest";
import type { Curve } from "../../src/curve/curve.js";
import { LrFinder } from "../../src/lrFinder.js";
import { suggest, type RuleChoice } from "../../src/rules/rules.js";
import { curveOf, diverged, linear, makeSweep, typical } from "../support/sweeps.js";

const explained = (curve: Curve, rule: RuleChoice = "auto"): string => new LrFinder(curve).explain(rule);

const falling = curveOf(Array.from({ length: 40 }, (_, k) => 2 - k / 40));

describe("the description of a search", () => {
  test("gives no advice if nothing looks wrong but that the rules differ", () => {
    const clean = makeSweep({
      ...{ count: 100, low: 1e-5, high: 10 },
      loss: (lr) => 1 + 2 / (1 + (lr / 0.05) ** 1.2) + (lr / 3) ** 2,
    });
    expect(explained(clean).split("\n").slice(3)).toEqual([
      expect.stringMatching(/^The rules disagree, from .* \(valley\) to .* \(minimum\)/),
    ]);
    const short = curveOf([3, 2.9, 2.8, 2, 1.9, 1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1, 9]);
    expect(explained(short)).not.toContain("The rules disagree");
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
    if (!words.startsWith("The rules")) expect(explained(typical)).not.toContain(words);
  });

  test("says where the pick was cut off", () => {
    const cut = (name: string, curve: Curve): string =>
      explained({ ...curve, optimizer: { name, weights: 1 } });
    const cliff = makeSweep({
      ...{ count: 100, low: 1e-5, high: 10 },
      loss: (lr) => 1 + 1 / (1 + lr / 1e-3) + (lr > 0.01 ? 50 : 0),
    });
    expect(cut("adagrad", cliff)).toContain(
      "The pick was cut off at the highest rate that does not raise the loss",
    );
    const rise = makeSweep({ ...{ count: 100, low: 0.1, high: 10 }, loss: (lr) => 2 - lr / 10 });
    expect(explained({ ...rise, optimizer: { name: "adam", weights: 1e9 } })).toContain(
      "is far below the lowest rate of the sweep, 0.1: lower `minLr`.",
    );
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

  test("names it as soon as it is outside", () => {
    const close = makeSweep({ count: 100, low: 1e-6, high: 0.02, loss: (lr) => 1 - 10 * lr });
    expect(new LrFinder({ ...close, optimizer: adam }).explain()).toContain(
      "The usual rate of adam, 0.026, is above the highest rate of the sweep, 0.02: raise `maxLr`.",
    );
  });

  test("tells which weights count", () => {
    expect(new LrFinder({ ...typical, optimizer: { ...adam, effectiveWeights: 8 } }).explain()).toContain(
      "80% the usual rate of adam (0.045, as for 8 weights)",
    );
  });

  test("tells that other optimizers trained", () => {
    const optimizer = { ...adam, others: 1 };
    const one = new LrFinder({ ...typical, optimizer }).explain();
    expect(one).toContain("Another optimizer trained meanwhile. The loss also shows what that did.");
    const rested = { ...typical, optimizer, untrained: typical.loss };
    expect(new LrFinder(rested).suggest()).toMatchObject({ lr: null, reason: "flat" });
    expect(new LrFinder(rested).explain()).toContain("the loss changed as it does without this optimizer");
  });

  test("does not call a curve flat whose rates have an effect on top of the noise of batches", () => {
    const noise = makeSweep({ count: 100, low: 1e-6, high: 10, loss: () => 100, noise: 0.9 });
    const effect = makeSweep({ count: 100, low: 1e-6, high: 10, loss: (lr) => 1 / (1 + lr / 1e-3) - 1 }).loss;
    const hidden: Curve = { ...noise, loss: noise.loss.map((loss, k) => loss + (effect[k] ?? 0)) };
    expect(suggest(hidden)).toMatchObject({ lr: null, reason: "flat" });
    expect(suggest({ ...hidden, untrained: noise.loss }).lr).toBeGreaterThan(1e-6);
  });

  test("tells that the data make the loss not finite", () => {
    const loss = [...typical.loss.slice(0, 60), NaN];
    const [lr, smoothed] = [typical.lr.slice(0, 61), [...typical.smoothed.slice(0, 60), NaN]];
    const broken: Curve = { ...typical, lr, loss, smoothed, stopped: "not-finite", untrained: loss };
    expect(new LrFinder(broken).suggest()).toMatchObject({ lr: null, reason: "not-finite" });
    expect(new LrFinder(broken).explain()).toContain(
      "the loss of step 61 is not finite without training either",
    );
    const beside = new LrFinder({ ...broken, optimizer: { ...adam, others: 1 } }).explain();
    expect(beside).toContain("the loss of step 61 is not finite without this optimizer either");
    expect(beside).toContain("Lower the rates of the others, or look for NaN in the data");
  });

  test("does not mention it if the ladder contains it, or if the sweep stopped early", () => {
    for (const curve of [typical, diverged, linear])
      expect(new LrFinder({ ...curve, optimizer: adam }).explain()).not.toContain(
        "The usual rate of adam, 0.026, is",
      );
    const stopped = new LrFinder({ ...diverged, optimizer: { name: "adagrad", weights: 1 } }).explain();
    expect(stopped).not.toContain("raise `maxLr`");
    expect(stopped).toContain("The pick was cut off at the highest rate that does not raise the loss");
  });
});
