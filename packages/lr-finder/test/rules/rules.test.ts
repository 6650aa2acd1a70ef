import { describe, expect, test } from "vitest";
import type { Curve } from "../../src/curve/curve.js";
import { LrFinder } from "../../src/lrFinder.js";
import { lightning } from "../../src/rules/peers/lightning.js";
import { steepest } from "../../src/rules/peers/torchLrFinder.js";
import { rules, suggest, type RuleName } from "../../src/rules/rules.js";
import type { Suggestion } from "../../src/rules/suggestion.js";
import { curveOf, diverged, flat, linear, typical } from "../support/sweeps.js";

const allRules = Object.keys(rules) as RuleName[];

const rising = curveOf(Array.from({ length: 40 }, (_, k) => 1 + k / 10));

const finder = new LrFinder(typical);

describe("every rule", () => {
  test.each(allRules)("%s suggests nothing on an empty curve", (name) => {
    expect(suggest(curveOf([]), name)).toEqual({
      rule: name,
      lr: null,
      index: null,
      range: null,
      reason: "too-few-points",
    });
  });

  test.each(allRules)("%s reports one rung as too few", (name) => {
    expect(suggest(curveOf([1]), name)).toMatchObject({ lr: null, reason: "too-few-points" });
  });

  test.each(allRules)("%s reports a first loss of NaN as not finite", (name) => {
    expect(suggest(curveOf([NaN], "not-finite"), name)).toMatchObject({ lr: null, reason: "not-finite" });
  });

  test.each(allRules)("%s reports a sweep that stopped at its second rung as diverged at once", (name) => {
    expect(suggest(curveOf([1, NaN], "not-finite"), name)).toMatchObject({
      lr: null,
      reason: "diverged-at-once",
    });
    expect(suggest(curveOf([1, 900], "diverged"), name).lr).toBeNull();
  });

  test.each(allRules)("%s reports a constant loss as flat", (name) => {
    expect(suggest(flat, name)).toMatchObject({ lr: null, reason: "flat" });
  });

  test.each(allRules)("%s reads the scored rungs if there are held-out losses", (name) => {
    const isScored = (rung: number): boolean => rung % 2 === 0;
    const scored = <T>(values: readonly T[]): T[] => values.filter((_, rung) => isScored(rung));
    const sparse = (values: readonly number[]): number[] =>
      values.map((loss, rung) => (isScored(rung) ? loss : NaN));
    const alone: Curve = {
      ...typical,
      ...{ lr: scored(typical.lr), loss: scored(typical.loss), smoothed: scored(typical.smoothed) },
    };
    const curve: Curve = {
      ...{ ...typical, loss: flat.loss.concat(flat.loss).slice(0, 100), smoothed: typical.lr.map(() => 1) },
      ...{ valLoss: sparse(typical.loss), valSmoothed: sparse(typical.smoothed) },
    };
    // Two rules skip a number of rungs, including rungs without a score.
    const skips = { steepest: { skipBegin: 0, skipEnd: 0 }, lightning: { skipBegin: 0, skipEnd: 0 } };
    const ask = (of: Curve): Suggestion =>
      name === "steepest" || name === "lightning"
        ? { steepest, lightning }[name](of, skips[name])
        : suggest(of, name);
    const { index, ...pick } = ask(alone);
    expect(pick.lr).toBeGreaterThan(0);
    expect(ask(curve)).toEqual({ ...pick, index: 2 * (index ?? NaN) });
  });

  test.each(allRules)("%s reports float32 rounding as flat", (name) => {
    const rounding = curveOf(Array.from({ length: 40 }, (_, k) => Math.fround(1000) + (k % 2) * 6e-5));
    expect(suggest(rounding, name)).toMatchObject({ lr: null, reason: "flat" });
  });

  test.each(allRules)("%s suggests a rate on ordinary sweeps, exponential and linear", (name) => {
    expect(suggest(typical, name).lr).toBeGreaterThan(0);
    expect(suggest(diverged, name).lr).toBeGreaterThan(0);
    expect(suggest(linear, name).lr).toBeGreaterThan(0);
  });

  // Lightning's rule is reproduced as it is: it takes the rung with the slowest rise.
  test.each(allRules.filter((name) => name !== "lightning"))(
    "%s suggests nothing if the loss only rises",
    (name) => {
      expect(suggest(rising, name)).toMatchObject({ lr: null, reason: "diverged-at-once" });
    },
  );

  test.each(allRules)("%s does not read losses after one that is not finite", (name) => {
    const losses = typical.loss.with(-1, NaN);
    const ruined: Curve = {
      ...typical,
      loss: losses,
      smoothed: typical.smoothed.with(-1, NaN),
      stopped: "not-finite",
    };
    const before = (values: readonly number[]): number[] => values.slice(0, -1);
    const cut: Curve = {
      ...typical,
      lr: before(typical.lr),
      loss: before(typical.loss),
      smoothed: before(typical.smoothed),
    };
    // Rules that skip the last rungs also count the ruined one, which does not affect the fall here.
    expect(suggest(ruined, name).lr).toBe(suggest(cut, name).lr);
  });
});

describe("suggest", () => {
  test("applies auto by default", () => {
    expect(suggest(typical)).toEqual(rules.auto(typical));
  });

  test("accepts a user's rule", () => {
    expect(suggest(typical, (curve) => steepest(curve, { skipBegin: 50 }))).toMatchObject({
      rule: "steepest",
    });
  });

  test("lists all rules if it does not know a name", () => {
    const name: string = "steepst";
    expect(() => suggest(typical, name as RuleName)).toThrow(/"auto", "valley".*Received: "steepst"/);
  });
});

describe("a user's rule must return a suggestion:", () => {
  test.each([
    undefined,
    null,
    1e-3,
    {},
    { lr: NaN, range: [0, 1] },
    { lr: 1 },
    { lr: null },
    { lr: "1", range: [] },
  ])("%j is not one", (given) => {
    expect(() => suggest(typical, () => given as never)).toThrow("Your own rule must return a suggestion.");
  });
});

test("a single rule is accepted as a list", () => {
  expect(finder.suggestions("valley" as never)).toEqual([finder.suggest("valley")]);
});
