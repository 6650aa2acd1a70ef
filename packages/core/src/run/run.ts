import type { BatchSource } from "../data/batchSource.js";
import type { Hooks } from "./hooks.js";
import type { Module } from "../module/module.js";
import type { ModuleVariables } from "../module/moduleVariables.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { TrainerState } from "./trainerState.js";
import type { AnomalyDetection } from "../step/anomaly.js";
import type { Clipping } from "../step/clipping.js";
import type { ManualOptimization } from "../loops/manualOptimization.js";
import type { StepRunner } from "../step/stepFunction.js";

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
