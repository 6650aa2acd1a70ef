import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Curve, SweptOptimizer } from "../../src/curve/curve.js";
import { makeLadder } from "../../src/curve/ladder.js";
import { makeSmoother } from "../../src/curve/statistics.js";
import { suggest } from "../../src/rules/rules.js";
import { makeDivergenceTest } from "../../src/sweep/divergence.js";

/** A task whose loss at a rate is known, with the noise of its batches. */
interface Task {
  readonly middle: number;
  readonly width: number;
  readonly cliff: number;
  readonly noise: readonly number[];
}

const tasks: fc.Arbitrary<Task> = fc.record({
  middle: fc.double({ min: -4, max: -1, noNaN: true }),
  width: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
  cliff: fc.double({ min: -1, max: 0.9, noNaN: true }),
  // Multiples of 1/64, so that a constant that is added is not lost in rounding.
  noise: fc.array(
    fc.integer({ min: -8, max: 8 }).map((value) => value / 64),
    { minLength: 100, maxLength: 100 },
  ),
});

interface Change {
  readonly plus?: number;
  readonly times?: number;
  /** The factor on all rates. */
  readonly rates?: number;
}

/** What a search measures on a task, up to where it finds a divergence. */
function measure(
  { middle, width, cliff, noise }: Task,
  optimizer: SweptOptimizer | undefined,
  { plus = 0, times = 1, rates = 1 }: Change = {},
): Curve {
  const lr = [...makeLadder({ minLr: 1e-6, maxLr: 10, numTraining: 100, mode: "exponential" })];
  const [smooth, hasDiverged] = [makeSmoother(0.9), makeDivergenceTest(4, 25)];
  const [loss, smoothed]: [number[], number[]] = [[], []];
  let stopped: Curve["stopped"] = "finished";
  for (const [rung, rate] of lr.entries()) {
    const at = Math.log10(rate);
    const clean = 2 / (1 + Math.exp((at - middle) / width)) + 10 ** (4 * Math.max(0, at - cliff)) - 1;
    loss.push(times * (clean + (noise[rung] ?? 0)) + plus);
    const [measured = NaN] = loss.slice(-1);
    smoothed.push(smooth(measured));
    stopped = hasDiverged(smoothed.at(-1) ?? NaN, measured) ? "diverged" : "finished";
    if (stopped === "diverged") break;
  }
  const swept = lr.slice(0, loss.length).map((rate) => rates * rate);
  return { mode: "exponential", lr: swept, loss, smoothed, stopped, ...(optimizer && { optimizer }) };
}

const optimizers: readonly (SweptOptimizer | undefined)[] = [
  { name: "sgd", weights: 1000 },
  { name: "sgd", weights: 1000, momentum: 0.9 },
  { name: "adam", weights: 1000 },
  undefined,
];

describe.each(optimizers)("the pick of auto for %j", (optimizer) => {
  const pick = (task: Task, change?: Change): number | null => suggest(measure(task, optimizer, change)).lr;

  test("does not change when a constant is added to the loss", () => {
    fc.assert(
      fc.property(tasks, fc.constantFrom(-1024, -3, 0.5, 7, 4096), (task, plus) => {
        const [before, after] = [pick(task), pick(task, { plus })];
        if (before === null) expect(after).toBeNull();
        else expect((after ?? NaN) / before).toBeCloseTo(1, 6);
      }),
      { numRuns: 60 },
    );
  });

  test("falls as the loss grows, if the steps grow with it, and else stays", () => {
    const follows = optimizer?.name !== "adam";
    fc.assert(
      fc.property(tasks, fc.constantFrom(2 ** -20, 0.25, 64, 2 ** 36), (task, times) => {
        const rates = follows ? 1 / times : 1;
        const [before, after] = [pick(task), pick(task, { times, rates })];
        if (before === null) expect(after).toBeNull();
        else expect((after ?? NaN) / (rates * before)).toBeCloseTo(1, 6);
      }),
      { numRuns: 60 },
    );
  });

  test("exists wherever a sweep ran to its end and the loss fell clearly", () => {
    fc.assert(
      fc.property(tasks, (task) => {
        const { stopped } = measure({ ...task, cliff: 2 }, optimizer);
        expect(stopped).toBe("finished");
        expect(pick({ ...task, cliff: 2 })).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });
});

test("the pick exists where a few batches have a loss far above all others", () => {
  const skewed = {
    middle: -2,
    width: 0.4,
    cliff: 2,
    noise: Array.from({ length: 100 }, (_, k) => (k % 10 === 3 ? 5 : 0)),
  };
  for (const optimizer of optimizers) expect(suggest(measure(skewed, optimizer)).lr).toBeGreaterThan(0);
});
