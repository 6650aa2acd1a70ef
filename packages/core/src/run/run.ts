import type { BatchSource } from "../data/sources/batchSource.js";
import type { Module } from "../module/module.js";
import { findVariables, type ModuleVariables } from "../module/moduleVariables.js";
import type { TrainerOptions } from "../module/trainerOptions.js";
import type { Optimizer } from "../optim/optimizer.js";
import { makeBreathe } from "../platform/breathe.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { ScheduleRule } from "../schedules/scheduleRule.js";
import type { AnomalyDetection } from "../step/anomaly.js";
import type { Clipping } from "../step/clipping.js";
import { eagerRunner, type StepRunner } from "../step/stepFunction.js";
import type { Hooks } from "./hooks.js";
import type { TrainerState } from "./trainerState.js";

/** Everything that the loops work with. */
export interface Run<B> {
  readonly module: Module<object, B>;
  readonly variables: ModuleVariables;
  readonly train: BatchSource<B>;
  readonly val: BatchSource<B> | null;
  readonly optimizers: readonly Optimizer[];
  readonly schedulers: readonly LrScheduler[];
  /** The schedules by optimizer, of a run that does not apply them; `undefined` for an optimizer without one. */
  readonly schedules: readonly (ScheduleRule | undefined)[];
  readonly hooks: Hooks;
  readonly state: TrainerState;
  /** Runs step functions. */
  readonly runner: StepRunner;
  /** Clips gradients before each step; `null` if they are not clipped. */
  readonly clipping: Clipping | null;
  /** Whether the module optimizes manually. */
  readonly isManual: boolean;
  /** Checks the result of every operation; `null` without `detectAnomaly`. */
  readonly detectAnomaly: AnomalyDetection | null;
  /** Aborted when the run is to stop after the current batch. */
  readonly signal: AbortSignal;
  /** Yields to the event loop when a yield is due. */
  readonly breathe: () => Promise<void>;
}

/** The parts of a run that are known before its data and its optimizers. */
export type RunStart<B> = Pick<Run<B>, "module" | "hooks" | "signal" | "state" | "runner">;

/** Makes a run without data and optimizers, which the caller adds, and loads the code that the options need. */
export async function makeRun<B>(start: RunStart<B>, options: TrainerOptions): Promise<Run<B>> {
  const { gradientClipVal, gradientClipAlgorithm = "norm", detectAnomaly = false } = options;
  return {
    ...start,
    variables: findVariables(start.module),
    ...{ train: noData, val: null, optimizers: [], schedulers: [], schedules: [] },
    clipping:
      gradientClipVal === undefined
        ? null
        : new (await import("../step/clipping.js")).Clipping(gradientClipVal, gradientClipAlgorithm),
    isManual: !start.module.automaticOptimization,
    // Every operation must run one by one to be checked.
    runner: detectAnomaly ? eagerRunner : start.runner,
    detectAnomaly: detectAnomaly ? await import("../step/anomaly.js") : null,
    breathe: makeBreathe(),
  };
}

/** The training data of a run that needs none. */
const noData: BatchSource<never> = {
  length: 0,
  open: () => ({ next: () => Promise.resolve(undefined), close: () => Promise.resolve() }),
  isolate: () => () => undefined,
};
