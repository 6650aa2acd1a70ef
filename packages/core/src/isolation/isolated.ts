import { FulmineError } from "../errors/fulmineError.js";
import { captureLayerStates } from "../module/layerStates.js";
import type { Module } from "../module/module.js";
import type { Run } from "../run/run.js";
import { checkOptions } from "../options/checkOptions.js";
import { optional, integer } from "../options/validators.js";
import { RandomState } from "../random/randomState.js";
import { capturePlain } from "./capturePlain.js";
import { captureVariables } from "./captureVariables.js";
import type { BranchOptions, Trial } from "../module/trial.js";
import { makeTrial } from "./makeTrial.js";

/**
 * Remembers everything of a run that training can change, hands it out for a trial, and puts it all back however the
 * trial ends: weights, states of recurrent layers, optimizers, schedules, the module's own plain data, and where the data stands.
 *
 * Counters, metrics and chance need no putting back: the run brings a state of its own.
 *
 * @param seed - What the order of the data follows from, in place of the loader's own chance.
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
    ownUndo(module),
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
      for (const put of restore) put();
    }
  }
}

/** What puts back the state that only the module itself knows of. */
function ownUndo(module: Pick<Module, "isolate">): () => void {
  const undo: unknown = module.isolate === undefined ? () => undefined : module.isolate();
  if (typeof undo === "function") return undo as () => void;
  throw new FulmineError(
    "INVALID_MODULE",
    "`isolate` must return a function that puts back what the module remembers.",
    {
      received: undo,
      todo: "Return e.g. () => this.metric.restore(state), or leave `isolate` out.",
    },
  );
}

/**
 * A trial within a trial. The outer one goes on afterwards, so that here the run's own state must be put back too, which
 * for the outermost is made anew and thrown away.
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
