import { describe, expect, test } from "vitest";
import type { Curve } from "../../src/curve.js";
import { LrFinder } from "../../src/lrFinder.js";
import { isBatchNoise } from "../../src/rules/isBatchNoise.js";
import { suggest } from "../../src/rules/suggest.js";
import { diverged, linear, makeSweep, typical } from "../support/sweeps.js";

/** Numbers of a bell shape, the same on every machine. */
function bell(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const noises: Record<string, (next: () => number) => number> = {
  "of a bell shape": (next) => 1 + 0.1 * next(),
  "that are skewed": (next) => Math.exp(next()),
  "of few values": (next) => (next() > 0 ? 1 : 2),
};
/** How many of 200 curves are taken for noise. */
const taken = (lossAt: (rung: number, next: () => number) => number, rungs = 100): number =>
  Array.from({ length: 200 }, (_, seed) => {
    const next = bell(seed + 1);
    return isBatchNoise(Array.from({ length: rungs }, (_unused, rung) => lossAt(rung, next)));
  }).filter(Boolean).length;

describe("losses that no rate changed are taken for noise:", () => {
  test.each(Object.entries(noises))("those %s, nineteen times of twenty", (_, noise) => {
    for (const rungs of [20, 100, 300])
      expect(taken((_rung, next) => noise(next), rungs)).toBeGreaterThan(185);
  });
});

describe("a change of some times the noise is not:", () => {
  test.each<[string, (rung: number) => number]>([
    ["a fall late in the sweep", (rung) => (rung > 60 ? -2 : 0)],
    ["a fall over all of it", (rung) => -0.06 * rung],
    ["a slow fall at its end", (rung) => -Math.max(0, rung - 60) / 15],
    ["a rise in its last tenth", (rung) => (rung > 89 ? 3 : 0)],
    ["a hump", (rung) => 3 * Math.sin((Math.PI * rung) / 99)],
    ["one last loss far above the others", (rung) => (rung === 99 ? 30 : 0)],
  ])("%s", (_, change) => {
    expect(taken((rung, next) => change(rung) + next())).toBeLessThan(4);
  });

  test("and a few losses are never taken for noise", () => {
    expect(isBatchNoise(Array.from({ length: 19 }, (_, rung) => rung % 3))).toBe(false);
    expect(isBatchNoise([])).toBe(false);
  });
});

describe("auto", () => {
  const idle = makeSweep({ count: 100, low: 1e-12, high: 1e-11, loss: () => 1, noise: 0.3 });
  const adam = { name: "adam", weights: 41 };

  test("finds nothing on a curve that only batches moved, and says so", () => {
    expect(suggest(idle)).toMatchObject({ rule: "auto", lr: null, reason: "flat" });
    expect(new LrFinder(idle).explain()).toContain(
      "suggests nothing: the loss changed no more than from batch to batch.\nSee that the loss depends on weights that are trainable",
    );
    expect(new LrFinder(idle).explain()).toContain("The loss is noisy");
  });

  test("names the usual rate where the ladder does not reach to it", () => {
    expect(new LrFinder({ ...idle, optimizer: adam }).explain()).toContain(
      "The rate that is usual with adam, 0.026, lies far above the highest rate that was swept, 1e-11: raise `maxLr`.",
    );
    const falling = makeSweep({ count: 100, low: 1e-7, high: 1e-5, loss: (lr) => 1 - 1e4 * lr });
    const low = new LrFinder({ ...falling, optimizer: adam });
    expect(low.suggestion()).toBeGreaterThan(0);
    expect(low.explain()).toContain("lies far above the highest rate that was swept, 1e-5: raise `maxLr`.");
    const rising = makeSweep({ count: 100, low: 1, high: 100, loss: (lr) => lr, stopped: "diverged" });
    expect(new LrFinder({ ...rising, optimizer: adam }).explain()).toContain(
      "suggests nothing: the loss never fell.\nThe rate that is usual with adam, 0.026, lies far below the lowest rate that was swept, 1: lower `minLr`.",
    );
  });

  test("says nothing of it where the ladder reaches, or where the sweep was stopped before", () => {
    for (const curve of [typical, diverged, linear])
      expect(new LrFinder({ ...curve, optimizer: adam }).explain()).not.toContain(
        "usual with adam, 0.026, lies",
      );
    const stopped = { ...diverged, optimizer: { name: "adagrad", weights: 1 } };
    expect(new LrFinder(stopped).explain()).not.toContain("raise `maxLr`");
  });

  test("finds a rate on what was stopped, and where trials were made", () => {
    const stopped: Curve = { ...idle, stopped: "diverged" };
    expect(suggest(stopped).lr).toBeGreaterThan(0);
    const trials = [{ lr: 1e-11, loss: [1, 0.5, 0.4], score: 0.4 }];
    expect(suggest({ ...idle, trials }).lr).toBe(1e-11);
  });
});
