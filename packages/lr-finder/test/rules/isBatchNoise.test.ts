import { describe, expect, test } from "vitest";
import { isBatchNoise } from "../../src/rules/isBatchNoise.js";

/** Normally distributed numbers, the same on every machine. */
function bell(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const noises: Record<string, (next: () => number) => number> = {
  "normally distributed": (next) => 1 + 0.1 * next(),
  skewed: (next) => Math.exp(next()),
  "with few values": (next) => (next() > 0 ? 1 : 2),
};

/** How many of 200 curves count as noise. */
const taken = (lossAt: (rung: number, next: () => number) => number, rungs = 100): number =>
  Array.from({ length: 200 }, (_, seed) => {
    const next = bell(seed + 1);
    return isBatchNoise(Array.from({ length: rungs }, (_unused, rung) => lossAt(rung, next)));
  }).filter(Boolean).length;

describe("losses that no rate changed count as noise:", () => {
  test.each(Object.entries(noises))("%s, in 95% of curves", (_, noise) => {
    for (const rungs of [20, 100, 300])
      expect(taken((_rung, next) => noise(next), rungs)).toBeGreaterThan(185);
  });
});

describe("a change of a few times the noise does not:", () => {
  test.each<[string, (rung: number) => number]>([
    ["a fall late in the sweep", (rung) => (rung > 60 ? -2 : 0)],
    ["a fall over the whole sweep", (rung) => -0.06 * rung],
    ["a slow fall at its end", (rung) => -Math.max(0, rung - 60) / 15],
    ["a rise in its last tenth", (rung) => (rung > 89 ? 3 : 0)],
    ["a hump", (rung) => 3 * Math.sin((Math.PI * rung) / 99)],
    ["one last loss far above the others", (rung) => (rung === 99 ? 30 : 0)],
  ])("%s", (_, change) => {
    expect(taken((rung, next) => change(rung) + next())).toBeLessThan(4);
  });

  test("and a few losses never count as noise", () => {
    expect(isBatchNoise(Array.from({ length: 19 }, (_, rung) => rung % 3))).toBe(false);
    expect(isBatchNoise([])).toBe(false);
  });
});
