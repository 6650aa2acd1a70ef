import type { Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { captureLayerStates } from "../module/layerStates.js";
import type { Module } from "../module/module.js";
import type { BranchOptions, Trial } from "../module/trial.js";
import { checkOptions } from "../options/checkOptions.js";
import { optional, integer } from "../options/validators.js";
import { RandomState } from "../random/randomState.js";
import type { Run } from "../run/run.js";
import { shared } from "../tensors/shared.js";
import { capturePlain } from "./capturePlain.js";
import { makeTrial } from "./makeTrial.js";

/**
 * Runs a trial and then restores everything that training can change, even if the trial fails: variables, states of
 * recurrent layers, optimizers, schedules, the module's plain data, and the state of the data.
 *
 * Counters, metrics and the random state are not restored, because the run has a state of its own.
 *
 * @param seed - Seed of the data's order, instead of the loader's random state.
 */
export async function isolated<B, T>(
  run: Run<B>,
  body: (trial: Trial) => Promise<T>,
  seed?: number,
): Promise<T> {
  const { module, variables, optimizers, schedulers, train, val } = run;
  const restore: (() => void)[] = [
    captureVariables(variables.all),
    captureLayerStates(module),
    capturePlain(module),
    isolateModule(module),
    ...optimizers.map((optimizer) => {
      const snapshot = optimizer.snapshot();
      return () => optimizer.restore(snapshot);
    }),
    ...schedulers.map((scheduler) => {
      const snapshot = scheduler.snapshot();
      return () => scheduler.restore(snapshot);
    }),
    train.isolate(seed),
    val?.isolate() ?? (() => undefined),
  ];
  const { trial, close } = makeTrial(run, (nested, options) => branched(run, nested, options));
  try {
    return await body(trial);
  } finally {
    try {
      await close();
    } finally {
      for (const undo of restore) undo();
    }
  }
}

/** Captures the state that only the module knows. */
function isolateModule(module: Pick<Module, "isolate">): () => void {
  const undo: unknown = module.isolate === undefined ? () => undefined : module.isolate();
  if (typeof undo === "function") return undo as () => void;
  throw new FulmineError(
    "INVALID_MODULE",
    "`isolate` must return a function that restores the module's own state.",
    {
      received: undo,
      todo: "Return e.g. () => this.metric.restore(state), or omit `isolate`.",
    },
  );
}

/**
 * Runs a trial within a trial.
 *
 * The outer trial continues afterwards, so this also restores the run's state. An outermost trial has a new state, which is
 * discarded.
 */
async function branched<B, T>(
  run: Run<B>,
  body: (trial: Trial) => Promise<T>,
  options: BranchOptions = {},
): Promise<T> {
  checkOptions(options, { seed: optional(integer) }, "branch");
  const { seed } = options;
  const { state } = run;
  const { currentEpoch, globalStep, shouldStop } = state;
  try {
    return await state.withScratchMetrics(() => {
      if (seed !== undefined) state.random.restore(new RandomState(seed).snapshot());
      return isolated(run, body, seed);
    });
  } finally {
    Object.assign(state, { currentEpoch, globalStep, shouldStop });
  }
}

/**
 * Captures the values of variables without copying memory.
 *
 * @returns Restores the values and disposes the captured tensors; call it once.
 */
function captureVariables(variables: readonly Variable[]): () => void {
  const values = variables.map(shared);
  return () => {
    for (const [index, variable] of variables.entries()) {
      const value = values[index];
      if (value === undefined) continue;
      if (!variable.isDisposed) variable.assign(value);
      value.dispose();
    }
  };
}
