import { describe, expect, test } from "vitest";
import type { Curve, SweptOptimizer } from "../../src/curve/curve.js";
import { auto } from "../../src/rules/auto.js";
import { valley } from "../../src/rules/peers/fastai.js";
import { suggest } from "../../src/rules/rules.js";
import { makeSweep } from "../support/sweeps.js";

describe("auto", () => {
  const bowl = { count: 100, low: 1e-7, high: 10 };
  const sigmoid = (lr: number, middle: number): number => 1 / (1 + Math.exp(Math.log10(lr / middle) / 0.35));

  test("ignores noise at tiny rates below the minimum", () => {
    const quiet = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-2) + lr ** 2 });
    const dip = quiet.smoothed.map((loss, k) => (k === 4 ? 0.5 : loss));
    expect(auto({ ...quiet, smoothed: dip }).lr).toBeCloseTo(auto(quiet).lr ?? NaN, 10);
  });

  test("does not depend on the height of an explosion", () => {
    const mild = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-2) + (lr > 1 ? 50 : 0) });
    const wild = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-2) + (lr > 1 ? 5e9 : 0) });
    expect(auto(wild).lr).toBeCloseTo(auto(mild).lr ?? NaN, 10);
  });

  test("does not depend on the size of the loss", () => {
    const small = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-2) + lr, noise: 0.05 });
    const large = makeSweep({ ...bowl, loss: (lr) => 4096 * (1 + sigmoid(lr, 1e-2) + lr), noise: 0.05 });
    expect(auto(large).lr).toBe(auto(small).lr);
  });

  test("stays below a cliff close to the best rate", () => {
    const cliff = makeSweep({
      ...bowl,
      loss: (lr) => 0.2 + 2 * sigmoid(lr, 3e-3) + (lr > 0.1 ? 1e4 : 0),
      noise: 0.1,
    });
    const lr = auto(cliff).lr ?? NaN;
    expect(lr).toBeGreaterThan(1e-3);
    expect(lr).toBeLessThan(0.05);
  });

  test("finds the same edge on coarse and on fine ladders", () => {
    const loss = (lr: number): number => 1 + sigmoid(lr, 1e-2) + (lr > 1 ? 1e3 : 0);
    const [fine, coarse] = [makeSweep({ ...bowl, loss }), makeSweep({ ...bowl, count: 9, loss })];
    expect(
      Math.abs(Math.log10((auto(coarse).range?.[1] ?? NaN) / (auto(fine).range?.[1] ?? NaN))),
    ).toBeLessThan(1);
  });

  test("stays close if a plateau misleads one reading", () => {
    // A slow fall from the lowest rates pulls the valley to lower rates.
    const creeping = makeSweep({
      ...bowl,
      loss: (lr) => 2 - 0.01 * Math.log10(lr / 1e-7) - (lr > 1e-3 ? 0.5 : 0) + (lr > 0.3 ? 90 : 0),
    });
    expect(valley(creeping).lr).toBeLessThan(2e-4);
    expect(auto(creeping).lr).toBeGreaterThan(1e-3);
    expect(auto(creeping).lr).toBeLessThan(0.1);
    expect(auto(creeping).range?.[0]).toBeLessThan(1e-3);
  });

  describe("with a known optimizer", () => {
    const curve = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-2) + lr });
    const pick = (optimizer: Partial<SweptOptimizer>, other = curve): number =>
      auto({ ...other, optimizer: { name: "adam", weights: 8000, ...optimizer } }).lr ?? NaN;

    const [low, high] = auto(curve).range ?? [NaN, NaN];

    test("moves the pick towards its usual rate", () => {
      for (const name of ["adam", "adamw", "rmsprop", "tf.train/Adam"])
        expect(pick({ name })).toBeCloseTo((0.09 / 20) ** 0.8 * low ** 0.2, 12);
      expect(pick({ name: "adagrad" })).toBeCloseTo((1.2 / 20) ** 0.8 * low ** 0.2, 12);
      expect(pick({ weights: 8 }) / pick({ weights: 8000 })).toBeCloseTo(10 ** 0.8, 9);
      expect(auto({ ...curve, optimizer: { name: "mine", weights: 8000 } })).toEqual(auto(curve));
    });

    test("suggests a lower rate with momentum", () => {
      expect(pick({ name: "sgd" }) / pick({ name: "sgd", momentum: 0.9 })).toBeCloseTo(10 ** 0.3, 9);
      const rmsprop = { name: "rmsprop", weights: 8 };
      expect(pick(rmsprop) / pick({ ...rmsprop, momentum: 0.9 })).toBeCloseTo(10 ** 0.8, 9);
      expect(pick({ name: "sgd", momentum: 0 })).toBe(pick({ name: "sgd" }));
    });

    test("does not suggest a rate above the edge for the tiny loss of a trained model", () => {
      const trained = (loss: number): Curve =>
        makeSweep({ ...bowl, loss: (lr) => loss * (1 + sigmoid(lr, 1e-2) + lr) });
      const highest = 10 * (auto(trained(1)).range?.[1] ?? NaN);
      expect(pick({ name: "sgd" }, trained(1e-6))).toBeCloseTo(pick({ name: "sgd" }, trained(1e-3)), 9);
      expect(pick({ name: "sgd" }, trained(1e-6))).toBeLessThan(highest);
    });

    test("suggests no rate that is more than ten times lower than the one at which half of the fall is done", () => {
      const late = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1) });
      expect(pick({ name: "adam", weights: 8e9 }, late)).toBeGreaterThan(0.05);
      expect(pick({ name: "adam", weights: 8e9 }, late)).toBeLessThan(0.2);
    });

    test("suggests no rate that raises the loss, however usual it is", () => {
      const cliff = makeSweep({ ...bowl, loss: (lr) => 1 + sigmoid(lr, 1e-4) + (lr > 1e-3 ? 50 : 0) });
      expect(pick({ name: "adadelta", weights: 1 }, cliff)).toBeLessThan(1.2e-3);
    });

    test("stays between the ends of the ladder", () => {
      const low = makeSweep({ ...bowl, high: 1e-3, loss: (lr) => 1 + sigmoid(lr, 1e-4) });
      expect(pick({ name: "adam" }, low)).toBeLessThanOrEqual(1e-3);
      const high = makeSweep({ ...bowl, low: 0.1, loss: (lr) => 1 + sigmoid(lr, 1) });
      expect(pick({ name: "adam", weights: 8e9 }, high)).toBeGreaterThanOrEqual(0.1);
    });

    test("has a range that contains all readings and a quarter of a decade around the pick", () => {
      const rangeWith = (name: string): readonly number[] =>
        auto({ ...curve, optimizer: { name, weights: 8000 } }).range ?? [];
      expect(rangeWith("adam")).toEqual([low, expect.closeTo(pick({ name: "adam" }) * 10 ** 0.25, 12)]);
      expect(rangeWith("sgd")[0]).toBe(low);
      expect(rangeWith("sgd")[1]).toBeGreaterThanOrEqual(high);
      expect(rangeWith("sgd")[1]).toBeGreaterThanOrEqual(10 ** 0.25 * pick({ name: "sgd" }) - 1e-12);
    });
  });

  test("accepts negative losses", () => {
    const negative = makeSweep({ ...bowl, loss: (lr) => -3 + sigmoid(lr, 1e-2) + lr ** 2 });
    expect(auto(negative).lr).toBeGreaterThan(1e-4);
  });
});

describe("auto", () => {
  const idle = makeSweep({ count: 100, low: 1e-12, high: 1e-11, loss: () => 1, noise: 0.3 });

  test("reads a noisy sweep that stopped early, and one with trials", () => {
    const stopped: Curve = { ...idle, stopped: "diverged" };
    expect(suggest(stopped).lr).toBeGreaterThan(0);
    const trials = [{ lr: 1e-11, loss: [1, 0.5, 0.4], score: 0.4 }];
    expect(suggest({ ...idle, trials }).lr).toBe(1e-11);
  });
});
