import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { adam, FulmineError, sgd, type Optimizer } from "@fulmine/core";
import { attachOptimizers } from "../../src/module/configuredOptimizers.js";
import { readOptimizerConfig, type OptimizerConfig } from "../../src/module/optimizerConfig.js";
import { Claims } from "../../src/ownership/claims.js";
import { chainedLr } from "../../src/schedules/chainedLr.js";
import { constantLr, warmupLr } from "../../src/schedules/warmup.js";
import { cosineAnnealingLr, cosineAnnealingWarmRestarts } from "../../src/schedules/cosineAnnealing.js";
import { cyclicLr, type CyclicLrOptions } from "../../src/schedules/cyclicLr.js";
import { exponentialLr, multiStepLr, stepLr } from "../../src/schedules/decay.js";
import { lambdaLr } from "../../src/schedules/lambdaLr.js";
import { LrScheduler, type LrSchedulerState } from "../../src/schedules/lrScheduler.js";
import { oneCycleLr } from "../../src/schedules/oneCycleLr.js";
import { reduceLrOnPlateau } from "../../src/schedules/reduceLrOnPlateau.js";
import type { ScheduleRule } from "../../src/schedules/scheduleRule.js";
import { sequentialLr } from "../../src/schedules/sequentialLr.js";

const stateful: Record<string, () => ScheduleRule> = {
  cosine: () => cosineAnnealingLr({ period: 10 }),
  "one cycle": () => oneCycleLr({ maxLr: 1, totalSteps: 20 }),
  cyclic: () => cyclicLr({ range: [0.01, 1], stepSize: 3, mode: "triangular2" }),
  plateau: () => reduceLrOnPlateau({ patience: 2, cooldown: 1, factor: 0.5 }),
  "a chain with a plateau": () =>
    chainedLr([constantLr({ factor: 0.5, totalSteps: 4 }), reduceLrOnPlateau({ patience: 1, factor: 0.5 })]),
  "a plateau after a warm-up": () =>
    warmupLr({ totalSteps: 3, then: reduceLrOnPlateau({ patience: 1, factor: 0.5 }) }),
};
const metric = (move: number): number => 1 / Math.min(move + 1, 4) + (move % 3) * 0.1;

/** Rates and momenta of both groups over some moves. */
function follow(scheduler: LrScheduler, from: number, moves: number): unknown[] {
  return Array.from({ length: moves }, (_, index) => {
    scheduler.step(metric(from + index));
    return scheduler.optimizer.paramGroups.map(({ lr, options }) => [lr, options]);
  });
}

const makeOptimizers: Record<string, () => Optimizer> = {
  sgd: () => sgd({ lr: 0.1, momentum: 0.9, groups: [{ params: [] }, { params: [], lr: 0.01 }] }),
  adam: () => adam({ lr: 0.1 }),
};

describe.each(Object.entries(makeOptimizers))("with %s", (_, makeOptimizer) => {
  for (const [name, makeRule] of Object.entries(stateful)) {
    test(`${name} goes on from a snapshot, and from a checkpoint in a fresh process, as before`, () => {
      const scheduler = new LrScheduler(makeOptimizer(), makeRule());
      follow(scheduler, 0, 6);
      const snapshot = scheduler.snapshot();
      const saved = JSON.stringify(scheduler.stateDict());
      const wanted = follow(scheduler, 6, 12);
      scheduler.restore(snapshot);
      expect(scheduler.snapshot()).toEqual(snapshot);
      expect(follow(scheduler, 6, 12)).toEqual(wanted);
      const fresh = new LrScheduler(makeOptimizer(), makeRule());
      fresh.loadStateDict(JSON.parse(saved) as LrSchedulerState);
      expect(follow(fresh, 6, 12)).toEqual(wanted);
    });
  }
});

test("a checkpoint of another schedule is refused", () => {
  const saved = new LrScheduler(sgd({ lr: 1 }), exponentialLr({ gamma: 0.5 })).stateDict();
  const other = new LrScheduler(sgd({ lr: 1 }), stepLr({ stepSize: 2 }));
  expect(() => other.loadStateDict(saved)).toThrow(
    "The saved schedule state is of `exponential` with 1 group, and the schedule is `step` with 1.",
  );
});

test("one-cycle and cyclic move beta1 where there are betas, and each group's own rate is its maximum", () => {
  const optimizer = adam({ lr: 1, groups: [{ params: [] }, { params: [], lr: 0.1, betas: [0.5, 0.9] }] });
  const scheduler = new LrScheduler(optimizer, oneCycleLr({ totalSteps: 11, pctStart: 0.5 }));
  expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([
    expect.closeTo(0.04, 12),
    expect.closeTo(0.004, 12),
  ]);
  expect(optimizer.paramGroups.map(({ options }) => options.betas)).toEqual([
    [0.95, 0.999],
    [0.95, 0.9],
  ]);
  for (let move = 0; move < 30; move++) scheduler.step();
  expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([
    expect.closeTo(4e-6, 12),
    expect.closeTo(4e-7, 12),
  ]);
});

test("a momentum that a schedule brings in takes effect", () => {
  const [w, one] = [tf.variable(tf.scalar(0)), tf.scalar(1)];
  const optimizer = sgd({ lr: 1 });
  optimizer.attach([w]);
  optimizer.step(new Map([[w, one]]));
  const scheduler = new LrScheduler(optimizer, cyclicLr({ baseLr: 0.5, maxLr: 1, stepSize: 1 }));
  optimizer.step(new Map([[w, one]]));
  scheduler.step();
  optimizer.step(new Map([[w, one]]));
  // −1, then −0.5 · 1, then −1 · (0.8 · 1 + 1)
  expect(w.dataSync()[0]).toBeCloseTo(-3.3, 6);
  optimizer.dispose();
  tf.dispose([w, one]);
});

test("cyclic's two ways to give bounds are one", () => {
  const [a, b] = [sgd({ lr: 1 }), sgd({ lr: 1 })];
  const shape = { stepSize: 4, stepSizeDown: 2 };
  const first = new LrScheduler(a, cyclicLr({ range: [0.1, 0.9], ...shape }));
  const second = new LrScheduler(b, cyclicLr({ baseLr: 0.1, maxLr: 0.9, ...shape }));
  expect(a.lr).toBe(0.1);
  expect(follow(first, 0, 13)).toEqual(follow(second, 0, 13));
});

test("a warm-up rises to the optimizer's rate and hands over there", () => {
  const optimizer = sgd({ lr: 0.5 });
  const schedule = warmupLr({ totalSteps: 4, startFactor: 0.2, then: exponentialLr({ gamma: 0.5 }) });
  const scheduler = new LrScheduler(optimizer, schedule);
  const rates = Array.from({ length: 7 }, () => {
    const { lr } = optimizer;
    scheduler.step();
    return lr;
  });
  const wanted = [0.1, 0.2, 0.3, 0.4, 0.5, 0.25, 0.125];
  expect(rates).toEqual(wanted.map((rate) => expect.closeTo(rate, 12) as number));
});

test("a metric that is not finite never counts as the best", () => {
  const optimizer = sgd({ lr: 1 });
  const scheduler = new LrScheduler(optimizer, reduceLrOnPlateau({ patience: 1, mode: "max" }));
  for (const value of [NaN, Infinity]) scheduler.step(value);
  expect(scheduler.snapshot().groups[0]?.state).toEqual({ best: null, badMoves: 0, cooldown: 0 });
  expect(optimizer.lr).toBeCloseTo(0.1, 12);
});

test("an optimizer's schedule takes its timing from configureOptimizers", async () => {
  const w = tf.variable(tf.scalar(1));
  const claims = new Claims("fit", {});
  const config = {
    optimizer: sgd({ lr: 1 }),
    schedule: reduceLrOnPlateau(),
    interval: "step",
    frequency: 5,
    monitor: "val_loss",
  } as const;
  const { schedulers } = await attachOptimizers(config, { all: [w], trainable: [w] }, claims);
  expect(schedulers[0]).toMatchObject({ interval: "step", frequency: 5, monitor: "val_loss" });
  const plain = await attachOptimizers(
    { optimizer: sgd({ lr: 1 }), schedule: exponentialLr({ gamma: 0.9 }) },
    { all: [w], trainable: [w] },
    claims,
  );
  expect(plain.schedulers[0]).toMatchObject({ interval: "epoch", frequency: 1, monitor: undefined });
  w.dispose();
});

describe("bad settings are errors that name them", () => {
  const [optimizer, schedule] = [sgd({ lr: 1 }), reduceLrOnPlateau()];
  const cases: [string, () => unknown, string][] = [
    ["no count", () => stepLr({ stepSize: 0 }), "`stepSize` of `stepLr` must be an integer of at least 1."],
    [
      "no factor",
      () => exponentialLr({} as { gamma: number }),
      "`gamma` of `exponentialLr` must be a finite",
    ],
    [
      "an unknown setting",
      () => stepLr({ stepSize: 1, size: 2 } as { stepSize: number }),
      "`stepLr` has no option `size`. Received: 2. It takes: stepSize, gamma.",
    ],
    ["milestones that fall", () => multiStepLr({ milestones: [3, 2] }), "`milestones` of `multiStepLr`"],
    ["an odd period", () => cosineAnnealingWarmRestarts({ period: 1.5 }), "`period` of `cosineAnn"],
    ["a share of 1", () => oneCycleLr({ totalSteps: 9, pctStart: 1 }), "`pctStart` of `oneCycleLr`"],
    [
      "an unknown mode",
      () => cyclicLr({ baseLr: 1, maxLr: 2, mode: "square" } as unknown as CyclicLrOptions),
      '`mode` of `cyclicLr` must be "triangular", "triangular2" or "exp_range". Received: "square"',
    ],
    ["bounds the wrong way round", () => cyclicLr({ range: [1, 0.1] }), "must be below its highest"],
    ["no bounds", () => cyclicLr({} as CyclicLrOptions), "`baseLr` of `cyclicLr`"],
    ["a factor of 1", () => reduceLrOnPlateau({ factor: 1 }), "`factor` of `reduceLrOnPlateau`"],
    [
      "too few milestones",
      () => sequentialLr({ schedules: [schedule, schedule], milestones: [] }),
      "one fewer",
    ],
    ["an empty chain", () => chainedLr([]), "`schedules` of `chainedLr`"],
    ["no function", () => lambdaLr(1 as unknown as () => number), "`lambdaLr` takes a function"],
    ["a plateau that gets no metric", () => new LrScheduler(optimizer, schedule).step(), "got no value"],
  ];
  test.each(cases)("%s", (_, make, message) => {
    expect(make).toThrow(FulmineError);
    expect(make).toThrow(message);
  });

  const configs: [string, OptimizerConfig, string][] = [
    [
      "a plateau without a metric to watch",
      { optimizer, schedule },
      "`plateau` needs `monitor`, the metric to watch, in `configureOptimizers`.",
    ],
    [
      "a frequency of 0",
      { optimizer, schedule, monitor: "loss", frequency: 0 },
      "`frequency` of `configureOptimizers` must be an integer of at least 1",
    ],
    [
      "an unknown interval",
      { optimizer, schedule, monitor: "loss", interval: "batch" as "step" },
      '`interval` of `configureOptimizers` must be "step" or "epoch"',
    ],
    [
      "a schedule under another name",
      { optimizer, lrScheduler: schedule } as never,
      "`configureOptimizers` has no option `lrScheduler`. Received: { name, needsMetric, isState, next }. It takes: optimizer, schedule,",
    ],
  ];
  test.each(configs)("%s", async (_, config, message) => {
    expect(() => readOptimizerConfig(config)).toThrow(FulmineError);
    expect(() => readOptimizerConfig(config)).toThrow(message);
  });
});
