import type { BatchSource } from "../data/batchSource.js";
import type { Hooks } from "./hooks.js";
import type { Module } from "../module/module.js";
import { type ModuleVariables, findVariables } from "../module/moduleVariables.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { TrainerState } from "./trainerState.js";
import type { AnomalyDetection } from "../step/anomaly.js";
import type { Clipping } from "../step/clipping.js";
import { type StepRunner, eagerRunner } from "../step/stepFunction.js";
import type { TrainerOptions } from "../module/trainerOptions.js";
import { makeBreathe } from "../platform/breathe.js";
import { noData } from "../loops/data/limitBatches.js";

/** Everything that the loops work with. */
export interface Run<B> {
  readonly module: Module<object, B>;
  readonly variables: ModuleVariables;
  readonly train: BatchSource<B>;
  readonly val: BatchSource<B> | null;
  readonly optimizers: readonly Optimizer[];
  readonly schedulers: readonly LrScheduler[];
  readonly hooks: Hooks;
  readonly state: TrainerState;
  /** Runs step functions. */
  readonly runner: StepRunner;
  /** How gradients are clipped before each step, `null` when they are not. */
  readonly clipping: Clipping | null;
  /** The functions for manual optimization, `null` when the Trainer optimizes. */
  readonly manual: ManualOptimization | null;
  /** Looks at every operation's result; `null` when nobody does. */
  readonly detectAnomaly: AnomalyDetection | null;
  /** Aborted when the run is to stop after the present batch. */
  readonly signal: AbortSignal;
  /** Gives the event loop a turn when it is due. */
  readonly breathe: () => Promise<void>;
}

/** The outcome of one batch. */
export interface TrainStepResult {
  /** The batch's loss before the optimizers stepped; NaN when a manually optimized step returned none. */
  readonly loss: number;
  /** The number of optimizer steps; the automatic step of all optimizers together counts as one. */
  readonly steps: number;
}

/** The functions for manual optimization; loaded only for a module that uses it. */
export interface ManualOptimization {
  /** Rejects options that have no effect with manual optimization. */
  checkManual(options: TrainerOptions): void;
  /** Runs a training step, and counts the optimizer steps that it takes. */
  optimizeManually<B>(run: Run<B>, batch: B, batchIdx: number): Promise<TrainStepResult>;
}

/** What is known of a run before its data and its optimizers are. */
export type RunStart<B> = Pick<Run<B>, "module" | "hooks" | "signal" | "state" | "runner">;

/** Makes a run without data and optimizers, which are still to be put into it, and loads what its options need. */
export async function makeRun<B>(start: RunStart<B>, options: TrainerOptions): Promise<Run<B>> {
  const { gradientClipVal, gradientClipAlgorithm = "norm", detectAnomaly = false } = options;
  return {
    ...start,
    variables: findVariables(start.module),
    ...{ train: noData, val: null, optimizers: [], schedulers: [] },
    clipping:
      gradientClipVal === undefined
        ? null
        : new (await import("../step/clipping.js")).Clipping(gradientClipVal, gradientClipAlgorithm),
    manual: start.module.automaticOptimization ? null : await import("../loops/manualOptimization.js"),
    // What looks at every operation needs every operation to be run.
    runner: detectAnomaly ? eagerRunner : start.runner,
    detectAnomaly: detectAnomaly ? await import("../step/anomaly.js") : null,
    breathe: makeBreathe(),
  };
}
