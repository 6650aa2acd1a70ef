import { describe, expect, test } from "vitest";
import { symlogScale } from "../../src/figure/axisScale.js";
import { changeScale } from "../../src/figure/changeScale.js";
import { frameOf } from "../../src/figure/frame.js";
import { lossChange } from "../../src/figure/lossChange.js";
import { LrFinder } from "../../src/lrFinder.js";
import { curveOf, diverged, linear, makeSweep, typical } from "../support/sweeps.js";

describe("the change of a loss", () => {
  test("is its slope per decade on exponential sweeps, and per unit on linear ones", () => {
    const falling = curveOf(Array.from({ length: 20 }, (_, k) => 5 - k / 10));
    for (const change of lossChange(falling)) expect(change).toBeCloseTo(-1, 9);
    const line = makeSweep({ count: 10, low: 0, high: 1, mode: "linear", loss: (lr) => 3 * lr });
    const plain = { ...line, smoothed: line.loss };
    for (const change of lossChange(plain)) expect(change).toBeCloseTo(3, 9);
  });

  test("is that of the loss that rules read, and NaN where there is none", () => {
    const curve = curveOf([4, 3, 2, 1, NaN], "not-finite");
    const held = [1, NaN, 3, NaN, NaN];
    const changes = lossChange({ ...curve, valLoss: held, valSmoothed: held });
    expect(changes.map((change) => Number(change.toFixed(6)))).toEqual([10, NaN, 10, NaN, NaN]);
  });
});

describe("an axis of changes", () => {
  test("is linear around zero and logarithmic beyond, on both sides", () => {
    const axis = symlogScale(-1000, 1000, 1);
    expect([axis(-1000), axis(0), axis(1000)]).toEqual([0, 0.5, 1]);
    expect(axis(1) - axis(0)).toBeCloseTo(axis(0) - axis(-1), 12);
    expect((axis(1000) - axis(100)) / (axis(100) - axis(10))).toBeCloseTo(1, 1);
    expect(axis.ticks(10)).toEqual([-1000, -100, -10, 0, 10, 100, 1000]);
    expect(axis.ticks(4)).toEqual([-1000, 0, 1000]);
  });

  test("shows zero, the steepest fall and the explosion", () => {
    for (const changes of [[-1, 0.2, 3000], [-1, -2], [1, 2], [0, 0], [], [NaN, Infinity]]) {
      const { domain, scale } = changeScale(changes);
      for (const value of [0, ...changes.filter(Number.isFinite)]) {
        expect(scale(value)).toBeGreaterThanOrEqual(0);
        expect(scale(value)).toBeLessThanOrEqual(1);
      }
      expect(domain[0]).toBeLessThan(domain[1]);
    }
  });
});

describe("a frame", () => {
  const labels = (data: Parameters<typeof frameOf>[0]): string[] =>
    frameOf(data)
      .lrTicks(20)
      .major.map(({ label }) => label);

  test("labels rates, or their exponents where the axis is logarithmic", () => {
    expect(labels({ curve: typical })).toEqual(["10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1"]);
    expect(labels({ curve: typical, x: "exponent" })).toEqual([
      "−7",
      "−6",
      "−5",
      "−4",
      "−3",
      "−2",
      "−1",
      "0",
    ]);
    expect(labels({ curve: linear, x: "exponent" })).toEqual(labels({ curve: linear }));
  });

  test("has room for every curve, held-out loss and band of its figure", () => {
    const far = {
      ...typical,
      lr: typical.lr.map((lr) => lr * 100),
      smoothed: typical.smoothed.map((loss) => loss - 4),
    };
    const { lrDomain, loss } = frameOf({ curve: typical, overlay: [{ label: "far", curve: far }] });
    expect(lrDomain).toEqual([typical.lr[0], far.lr.at(-1)]);
    expect(loss.domain[0]).toBeLessThan(Math.min(...far.smoothed));
    const low = typical.smoothed.map((value) => value - 2);
    const banded = frameOf({ curve: { ...typical, band: { sweeps: 2, low, high: typical.smoothed } } });
    expect(banded.loss.domain[0]).toBeLessThan(Math.min(...low));
    const trials = [{ lr: 20, loss: [2, 0], score: -7 }];
    const tried = frameOf({ curve: { ...typical, trials } });
    expect(tried.lrDomain).toEqual([typical.lr[0], 20]);
    expect(tried.loss.domain[0]).toBeLessThan(-7);
  });
});

test("a search draws itself with others, each with its pick", async () => {
  const [finder, other] = [new LrFinder(typical, "valley"), new LrFinder(diverged, "minimum")];
  const { data } = await finder.plot({
    suggest: true,
    overlay: { worse: other },
    label: "this",
    change: true,
    x: "exponent",
  });
  expect(data).toEqual({
    ...{ curve: typical, suggestion: finder.suggest(), label: "this", change: true, x: "exponent" },
    overlay: [{ label: "worse", curve: diverged, suggestion: other.suggest("minimum") }],
  });
  expect((await finder.plot()).data).toEqual({ curve: typical });
});
