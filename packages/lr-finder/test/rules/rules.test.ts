import { describe, expect, test } from "vitest";
import type { Curve, SweptOptimizer } from "../../src/curve.js";
import { auto } from "../../src/rules/auto.js";
import { ignite } from "../../src/rules/ignite.js";
import { lightning } from "../../src/rules/lightning.js";
import { minimum } from "../../src/rules/minimum.js";
import { rules, type RuleName } from "../../src/rules/rules.js";
import { steepest } from "../../src/rules/steepest.js";
import { suggest } from "../../src/rules/suggest.js";
import { valley } from "../../src/rules/valley.js";
import type { Suggestion } from "../../src/suggestion.js";
import { curveOf, diverged, flat, linear, makeSweep, typical } from "../support/sweeps.js";

const allRules = Object.keys(rules) as RuleName[];
const rising = curveOf(Array.from({ length: 40 }, (_, k) => 1 + k / 10));
const falling = (count: number): Curve => curveOf(Array.from({ length: count }, (_, k) => 2 - k / count));

describe("every rule", () => {
  test.each(allRules)("%s finds nothing on an empty curve", (name) => {
    expect(suggest(curveOf([]), name)).toEqual({
      rule: name,
      lr: null,
      index: null,
      range: null,
      reason: "too-few-points",
    });
  });

  test.each(allRules)("%s says that one rung is too few", (name) => {
    expect(suggest(curveOf([1]), name)).toMatchObject({ lr: null, reason: "too-few-points" });
  });

  test.each(allRules)("%s says that a first loss of NaN is not finite", (name) => {
    expect(suggest(curveOf([NaN], "not-finite"), name)).toMatchObject({ lr: null, reason: "not-finite" });
  });

  test.each(allRules)("%s says that a sweep stopped on its second rung diverged at once", (name) => {
    expect(suggest(curveOf([1, NaN], "not-finite"), name)).toMatchObject({
      lr: null,
      reason: "diverged-at-once",
    });
    expect(suggest(curveOf([1, 900], "diverged"), name).lr).toBeNull();
  });

  test.each(allRules)("%s says that a loss that does not change is flat", (name) => {
    expect(suggest(flat, name)).toMatchObject({ lr: null, reason: "flat" });
  });

  test.each(allRules)(
    "%s reads held-out losses where there are any, and of these only what was scored",
    (name) => {
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
      // Two rules leave out a number of rungs, which the unscored ones count among.
      const skips = { steepest: { skipBegin: 0, skipEnd: 0 }, lightning: { skipBegin: 0, skipEnd: 0 } };
      const ask = (of: Curve): Suggestion =>
        name === "steepest" || name === "lightning"
          ? { steepest, lightning }[name](of, skips[name])
          : suggest(of, name);
      const { index, ...pick } = ask(alone);
      expect(pick.lr).toBeGreaterThan(0);
      expect(ask(curve)).toEqual({ ...pick, index: 2 * (index ?? NaN) });
    },
  );

  test.each(allRules)("%s takes float32 rounding for flat", (name) => {
    const rounding = curveOf(Array.from({ length: 40 }, (_, k) => Math.fround(1000) + (k % 2) * 6e-5));
    expect(suggest(rounding, name)).toMatchObject({ lr: null, reason: "flat" });
  });

  test.each(allRules)(
    "%s finds a rate on an ordinary sweep, over a logarithmic and over a linear ladder",
    (name) => {
      expect(suggest(typical, name).lr).toBeGreaterThan(0);
      expect(suggest(diverged, name).lr).toBeGreaterThan(0);
      expect(suggest(linear, name).lr).toBeGreaterThan(0);
    },
  );

  // Lightning's is kept as it is: it takes the rung where the loss rises least.
  test.each(allRules.filter((name) => name !== "lightning"))(
    "%s finds nothing where the loss only rises",
    (name) => {
      expect(suggest(rising, name)).toMatchObject({ lr: null, reason: "diverged-at-once" });
    },
  );

  test.each(allRules)("%s does not read what comes after a loss that is not finite", (name) => {
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
    // Rules that leave out the last rungs count the ruined one among them, which the falling part can't feel
    // here.
    expect(suggest(ruined, name).lr).toBe(suggest(cut, name).lr);
  });
});

describe("steepest", () => {
  const whole = { skipBegin: 0, skipEnd: 0 };

  test.each([
    [[10, 8, 4, 1, 4, 16], 2],
    [[1, 0, 1, 2, 3, 4], 0],
    [[0, 1, 2, 3, 4, 3], 5],
  ])("reads %j as torch-lr-finder's own tests do", (losses, index) => {
    expect(steepest(curveOf(losses), whole).index).toBe(index);
  });

  test("reads the slope over the logarithm of the rate, where noise at tiny rates can't win", () => {
    const rate = suggest(typical, "steepest").lr ?? NaN;
    expect(rate).toBeGreaterThan(1e-3);
    expect(rate).toBeLessThan(0.1);
    expect(suggest(typical, "lightning").lr).toBeLessThan(1e-5);
  });
});

describe("minimum", () => {
  test("stays ten times below the lowest point", () => {
    const curve = curveOf([3, 2, 1, 2, 3]);
    expect(minimum(curve).lr).toBeCloseTo((curve.lr[2] ?? NaN) / 10, 15);
  });

  test("may step out of the sweep, and its range follows", () => {
    const said = minimum(curveOf([3, 2, 1, 2, 3]));
    expect(said).toMatchObject({ index: 0 });
    expect(said.range?.[0]).toBe(said.lr);
  });
});

describe("ignite", () => {
  test("looks for the steepest point only up to the lowest loss", () => {
    // The drop after the peak is the steepest, but comes after the lowest loss.
    expect(ignite(curveOf([5, 4.5, 2, 1, 9, 9, 3, 3])).index).toBe(2);
  });

  test("finds nothing with fewer than three falling rungs", () => {
    expect(ignite(curveOf([2, 1, 3, 4, 5]))).toMatchObject({ lr: null, reason: "diverged-at-once" });
  });
});

describe("valley", () => {
  test("takes a point in the middle of a curve that only falls", () => {
    expect(valley(falling(50)).index).toBe(23);
  });

  test("never reads past the start of a short curve", () => {
    expect(valley(falling(3)).index).toBe(0);
  });

  test("says of two points that they are too few", () => {
    expect(valley(falling(2))).toMatchObject({ lr: null, reason: "too-few-points" });
  });
});

const timesHundred = ({ loss, smoothed }: Curve): Pick<Curve, "loss" | "smoothed"> => ({
  loss: loss.map((value) => 100 * value),
  smoothed: smoothed.map((value) => 100 * value),
});

describe("auto", () => {
  const bowl = { count: 100, low: 1e-7, high: 10 };
  const sigmoid = (lr: number, middle: number): number => 1 / (1 + Math.exp(Math.log10(lr / middle) / 0.35));

  test("is not led away by noise at tiny rates that is lower than the bottom", () => {
    const quiet = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-2) + lr ** 2 });
    const dip = quiet.smoothed.map((loss, k) => (k === 4 ? 0.5 : loss));
    expect(auto({ ...quiet, smoothed: dip }).lr).toBeCloseTo(auto(quiet).lr ?? NaN, 10);
  });

  test("does not move when a sweep explodes higher", () => {
    const mild = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-2) + (lr > 1 ? 50 : 0) });
    const wild = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-2) + (lr > 1 ? 5e9 : 0) });
    expect(auto(wild).lr).toBeCloseTo(auto(mild).lr ?? NaN, 10);
  });

  test("reads a loss of thousands as it reads a loss of one", () => {
    const small = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-2) + lr, noise: 0.05 });
    const large = makeSweep({ ...bowl, loss: (lr) => 4096 * (1 + sigmoid(lr, 1e-2) + lr), noise: 0.05 });
    expect(auto(large).lr).toBe(auto(small).lr);
  });

  test("stays below a cliff that stands close to the best rate", () => {
    const cliff = makeSweep({
      ...bowl,
      loss: (lr) => 0.2 + 2 * sigmoid(lr, 3e-3) + (lr > 0.1 ? 1e4 : 0),
      noise: 0.1,
    });
    const lr = auto(cliff).lr ?? NaN;
    expect(lr).toBeGreaterThan(1e-3);
    expect(lr).toBeLessThan(0.05);
  });

  test("sees an edge on a coarse ladder as on a fine one", () => {
    const loss = (lr: number): number => 1 + sigmoid(lr, 1e-2) + (lr > 1 ? 1e3 : 0);
    const [fine, coarse] = [makeSweep({ ...bowl, loss }), makeSweep({ ...bowl, count: 9, loss })];
    expect(
      Math.abs(Math.log10((auto(coarse).range?.[1] ?? NaN) / (auto(fine).range?.[1] ?? NaN))),
    ).toBeLessThan(1);
  });

  test("is not led far away where a plateau fools a reading", () => {
    // The loss creeps down from the lowest rates on, which draws the valley to the left.
    const creeping = makeSweep({
      ...bowl,
      loss: (lr) => 2 - 0.01 * Math.log10(lr / 1e-7) - (lr > 1e-3 ? 0.5 : 0) + (lr > 0.3 ? 90 : 0),
    });
    expect(valley(creeping).lr).toBeLessThan(2e-4);
    expect(auto(creeping).lr).toBeGreaterThan(1e-3);
    expect(auto(creeping).lr).toBeLessThan(0.1);
    expect(auto(creeping).range?.[0]).toBeLessThan(1e-3);
  });

  describe("with an optimizer that it knows", () => {
    const curve = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-2) + lr });
    const pick = (optimizer: Partial<SweptOptimizer>, other = curve): number =>
      auto({ ...other, optimizer: { name: "adam", weights: 8000, ...optimizer } }).lr ?? NaN;

    const [low, high] = auto(curve).range ?? [NaN, NaN];

    test("draws the pick towards the rate that is usual with it", () => {
      for (const name of ["adam", "adamw", "rmsprop", "tf.train/Adam"])
        expect(pick({ name })).toBeCloseTo((0.09 / 20) ** 0.8 * low ** 0.2, 12);
      expect(pick({ name: "adagrad" })).toBeCloseTo((1.2 / 20) ** 0.8 * low ** 0.2, 12);
      expect(pick({ weights: 8000 }) / pick({ weights: 8e6 })).toBeCloseTo(10 ** 0.8, 9);
      expect(auto({ ...curve, optimizer: { name: "mine", weights: 8000 } })).toEqual(auto(curve));
    });

    test("takes less where momentum adds up several steps", () => {
      expect(pick({ name: "sgd" }) / pick({ name: "sgd", momentum: 0.9 })).toBeCloseTo(10 ** 0.4, 9);
      expect(pick({ name: "rmsprop" }) / pick({ name: "rmsprop", momentum: 0.9 })).toBeCloseTo(10 ** 0.8, 9);
      expect(pick({ name: "sgd", momentum: 0 })).toBe(pick({ name: "sgd" }));
    });

    test("takes less with SGD, and as much with Adam, where losses are larger", () => {
      const large = { ...curve, ...timesHundred(curve) };
      expect(pick({ name: "adam" }, large)).toBe(pick({ name: "adam" }));
      expect(pick({ name: "sgd" }) / pick({ name: "sgd" }, large)).toBeCloseTo(100 ** (0.75 * 0.4), 9);
    });

    test("takes the loss of a trained model for no reason to go higher", () => {
      const trained = (loss: number): Curve =>
        makeSweep({ ...bowl, loss: (lr) => loss * (1 + sigmoid(lr, 1e-2) + lr) });
      expect(pick({ name: "sgd" }, trained(1e-6))).toBeCloseTo(pick({ name: "sgd" }, trained(1e-3)), 9);
    });

    test("stays between the ends of the ladder", () => {
      const low = makeSweep({ ...bowl, high: 1e-3, loss: (lr) => 1 + sigmoid(lr, 1e-4) });
      expect(pick({ name: "adam" }, low)).toBeLessThanOrEqual(1e-3);
      const high = makeSweep({ ...bowl, low: 0.1, loss: (lr) => 1 + sigmoid(lr, 1) });
      expect(pick({ name: "adam" }, high)).toBeCloseTo(0.1, 12);
    });

    test("gives a range that holds what counted, and a quarter of a decade about the pick", () => {
      const rangeWith = (name: string): readonly number[] =>
        auto({ ...curve, optimizer: { name, weights: 8000 } }).range ?? [];
      expect(rangeWith("adam")).toEqual([low, expect.closeTo(pick({ name: "adam" }) * 10 ** 0.25, 12)]);
      expect(rangeWith("sgd")).toEqual([low, expect.closeTo(0.4 * 2 ** -0.75, 2)]);
      expect(high).toBeCloseTo(0.1, 1);
    });
  });

  test("reads negative losses", () => {
    const negative = makeSweep({ ...bowl, loss: (lr) => -3 + sigmoid(lr, 1e-2) + lr ** 2 });
    expect(auto(negative).lr).toBeGreaterThan(1e-4);
  });
});

describe("suggest", () => {
  test("asks auto unless told otherwise", () => {
    expect(suggest(typical)).toEqual(rules.auto(typical));
  });

  test("takes a rule of one's own", () => {
    expect(suggest(typical, (curve) => steepest(curve, { skipBegin: 50 }))).toMatchObject({
      rule: "steepest",
    });
  });

  test("names the rules there are when it is given another", () => {
    const name: string = "steepst";
    expect(() => suggest(typical, name as RuleName)).toThrow(/"auto", "valley".*Received: "steepst"/);
  });
});
