import fc from "fast-check";
import { expect } from "vitest";
import * as core from "@fulmine/core";
import type { LrSchedulerState } from "@fulmine/core/plugin";
import { endOf } from "./support/endOf.js";
import { hostile, OwnError } from "./support/hostile.js";
import { hostileOptions, type Valid } from "./support/hostileOptions.js";
import { property } from "./support/property.js";

const counts = [() => 1, () => 3, () => 1000];
const factors = [() => 0.5, () => 1, () => 2];
const flags = [() => true, () => false];
const shares = [() => 0.1, () => 0.9];
const rates = [() => 0, () => 1e-4];
const rule = [() => core.stepLr({ stepSize: 2 })];

/** Each schedule with its settings, and those that can't be left out. */
const schedules: Readonly<Record<string, readonly [Valid, ...needed: string[]]>> = {
  constantLr: [{ factor: factors, totalSteps: counts }],
  linearLr: [{ startFactor: factors, endFactor: factors, totalSteps: counts }],
  polynomialLr: [{ totalSteps: counts, power: factors }],
  exponentialLr: [{ gamma: factors }, "gamma"],
  stepLr: [{ stepSize: counts, gamma: factors }, "stepSize"],
  multiStepLr: [{ milestones: [() => [1, 2, 2]], gamma: factors }, "milestones"],
  cosineAnnealingLr: [{ period: counts, minLr: rates }, "period"],
  cosineAnnealingWarmRestarts: [{ period: counts, periodFactor: counts, minLr: rates }, "period"],
  cyclicLr: [
    {
      ...{ range: [() => [1e-3, 0.1]], stepSize: counts, stepSizeDown: counts, gamma: shares },
      ...{ mode: [() => "triangular2", () => "exp_range"], cycleMomentum: flags, baseMomentum: shares },
    },
    "range",
  ],
  oneCycleLr: [
    {
      ...{
        totalSteps: counts,
        maxLr: [() => 0.1],
        pctStart: shares,
        anneal: [() => "cos"],
        threePhase: flags,
      },
      ...{ cycleMomentum: flags, baseMomentum: shares, maxMomentum: shares, divFactor: factors },
      finalDivFactor: factors,
    },
    "totalSteps",
  ],
  reduceLrOnPlateau: [
    {
      ...{
        mode: [() => "min", () => "max"],
        factor: shares,
        patience: counts,
        threshold: rates,
        minLr: rates,
      },
      ...{ thresholdMode: [() => "rel"], cooldown: counts, eps: rates },
    },
  ],
  warmupLr: [{ totalSteps: counts, startFactor: factors, then: rule }, "totalSteps"],
  warmupStableDecayLr: [
    {
      ...{ totalSteps: counts, warmupSteps: [() => 0], startFactor: factors, finalFactor: rates },
      ...{ warmupFraction: [() => 0, () => 0.1], decayFraction: [() => 0, () => 0.5] },
      decayShape: [() => "linear", () => "cosine", () => "sqrt"],
    },
    "totalSteps",
  ],
  sequentialLr: [
    { schedules: [() => [...rule, ...rule].map((make) => make())], milestones: [() => [2]] },
    "schedules",
    "milestones",
  ],
};

const anySchedule = fc.constantFrom(...Object.keys(schedules)).chain((name) => {
  const [valid, ...needed] = schedules[name] ?? [{}];
  return fc.tuple(fc.constant(name), hostileOptions(valid, needed));
});

/** Moves a schedule a few times. */
function follow(made: core.ScheduleRule): void {
  const optimizer = core.sgd({ lr: 0.1, momentum: 0.9 });
  const scheduler = new core.LrScheduler(optimizer, made);
  for (let move = 0; move < 5; move++) scheduler.step(made.needsMetric === true ? 1 : undefined);
  const restored = new core.LrScheduler(optimizer, made);
  restored.loadStateDict(JSON.parse(JSON.stringify(scheduler.stateDict())) as LrSchedulerState);
  expect(restored.stateDict()).toEqual(scheduler.stateDict());
}

property(
  "a schedule is made and followed, or its settings are refused",
  170,
  anySchedule,
  ([name, { make }]) => follow(core[name as "stepLr"](make())),
  (end, [, { isMisspelt, isValid }]) => {
    expect(end).not.toBeInstanceOf(OwnError);
    if (isMisspelt) expect(end).toBeInstanceOf(core.FulmineError);
    if (isValid) expect(end).toBe("done");
  },
);

property("what takes no settings takes schedules and functions alone", 30, hostile, async (make) => {
  const value = make() as never;
  await endOf(() => follow(core.lambdaLr(value)));
  await endOf(() => follow(core.chainedLr(value)));
  await endOf(() => follow(core.chainedLr([value])));
  await endOf(() => follow(core.sequentialLr({ schedules: [value], milestones: [] })));
  await endOf(() => follow(core.warmupLr({ totalSteps: 3, then: value })));
});
