import fc from "fast-check";
import { expect } from "vitest";
import * as core from "@fulmine/core";
import { LrFinderCallback } from "@fulmine/lr-finder";
import { hostile } from "./support/hostile.js";
import { hostileOptions, type Valid } from "./support/hostileOptions.js";
import { property } from "./support/property.js";

const counts = [() => 1, () => 3];
const flags = [() => true, () => false];
const names = [() => "val_loss"];
const numbers = [() => 0, () => 0.5];
const intervals = [() => "step", () => "epoch"];

/** Each callback with its settings, and those that can't be left out. */
const callbacks: Readonly<
  Record<string, readonly [make: (options: never) => unknown, Valid, ...needed: string[]]>
> = {
  EarlyStopping: [
    (options) => new core.EarlyStopping(options),
    {
      ...{ monitor: names, mode: [() => "min", () => "max"], patience: counts, minDelta: numbers },
      ...{ stoppingThreshold: numbers, divergenceThreshold: numbers, checkFinite: flags, strict: flags },
      checkOnTrainEpochEnd: flags,
      restoreBest: flags,
    },
    "monitor",
  ],
  ModelCheckpoint: [
    (options) => new core.ModelCheckpoint(options),
    {
      ...{
        monitor: names,
        mode: [() => "max"],
        saveTopK: [() => 2],
        filename: [() => "{epoch}-{val_loss:.2f}"],
      },
      ...{ saveLast: flags, dirpath: [() => "runs"], everyNEpochs: counts },
    },
    "monitor",
  ],
  Timer: [
    (options) => new core.Timer(options),
    { duration: [() => "00:01:00:00", () => ({ hours: 1.5 })], interval: intervals, stateKey: names },
  ],
  LearningRateMonitor: [
    (options) => new core.LearningRateMonitor(options),
    { loggingInterval: intervals, logMomentum: flags },
  ],
  WeightAveraging: [
    (options) => new core.WeightAveraging(options),
    {
      ...{ decay: [() => 0.9, () => "swa"], interval: intervals, frequency: counts, startingAtStep: counts },
      ...{ startingAtEpoch: counts, useBuffers: flags },
    },
  ],
  BackboneFinetuning: [
    (options) => new core.BackboneFinetuning(options),
    {
      ...{ backbone: [() => () => null], unfreezeBackboneAtEpoch: counts, backboneInitialLr: [() => 0.1] },
      ...{ backboneInitialRatioLr: [() => 0.1], lambdaFunc: [() => () => 2], shouldAlign: flags },
    },
  ],
  GradientAccumulationScheduler: [
    (options) => new core.GradientAccumulationScheduler(options),
    { scheduling: [() => ({ 0: 8, 4: 1 })] },
    "scheduling",
  ],
  LrFinderCallback: [
    (options) => new LrFinderCallback(options),
    {
      milestones: [() => [0, 5]],
      field: [() => "lr"],
      minLr: [() => 1e-5],
      numTraining: [() => 20],
      repeats: counts,
    },
    "milestones",
  ],
};

const anyCallback = fc.constantFrom(...Object.keys(callbacks)).chain((name) => {
  const [, valid, ...needed] = callbacks[name] ?? [null, {}];
  return fc.tuple(fc.constant(name), hostileOptions(valid, needed));
});

property(
  "a callback is made, or its settings are refused",
  170,
  anyCallback,
  ([name, { make }]) => {
    const callback = callbacks[name]?.[0](make());
    expect(new core.Trainer({ callbacks: [callback as core.Callback] }).callbacks).toEqual([callback]);
  },
  (end, [, { isMisspelt, isValid }]) => {
    if (isMisspelt) expect(end).toBeInstanceOf(core.FulmineError);
    if (isValid) expect(end).toBe("done");
  },
);

property("a callback takes up a saved state, or refuses it", 45, hostile, (make) => {
  const value = make() as never;
  const stateful = [
    new core.EarlyStopping({ monitor: "val_loss" }),
    new core.Timer(),
    new core.ModelCheckpoint(),
  ];
  for (const callback of stateful) expect(() => callback.loadStateDict(value)).toThrow(core.FulmineError);
  const [stopping, timer] = stateful;
  stopping?.loadStateDict(stopping.stateDict() as never);
  timer?.loadStateDict(timer.stateDict() as never);
});

property("a callback of TensorFlow.js is taken, and nothing else", 30, hostile, (making) => {
  const value = making() as never;
  expect(() => core.fromTfjsCallback(value)).toThrow(core.FulmineError);
  const make = (): core.Callback => core.fromTfjsCallback({ onEpochEnd: value });
  if (typeof value === "function") make();
  else expect(make).toThrow(core.FulmineError);
});
