import type { FitInput } from "../data/dataloaders.js";
import { fitSources } from "../loops/data/fitData.js";
import { Hooks } from "../run/hooks.js";
import { limitFit } from "../loops/data/limitBatches.js";
import { makeRun, type Run } from "../run/run.js";
import type { Module } from "../module/module.js";
import type { TrainerView } from "../module/trainerView.js";
import { Children } from "../ownership/children.js";
import type { Claims } from "../ownership/claims.js";
import { configure } from "../module/madeOptimizers.js";
import { attachOptimizer, readOptimizerConfig } from "../module/optimizerConfig.js";
import { RandomState } from "../random/randomState.js";
import type { StepRunner } from "../step/stepFunction.js";
import { TrainerState } from "../run/trainerState.js";

/** What the run of a trial is made of. */
export interface TrialRunInput<B> {
  readonly trainer: TrainerView;
  /** What runs the trial's steps. */
  readonly runner: StepRunner;
  readonly module: Module<object, B>;
  /** The data to train on; left out, that of the fit under way, or the module's own. */
  readonly data: FitInput<B> | undefined;
  /** The fit under way of the same module, whose optimizers the trial uses; `null` when there is none. */
  readonly live: Run<B> | null;
  /** Where the Trainer stands. */
  readonly state: TrainerState;
  /** The seed of the trial's chance; left out, it goes on from the Trainer's. */
  readonly seed: number | undefined;
  /** What the trial owns while it goes on. */
  readonly claims: Claims;
  readonly signal: AbortSignal;
}

/** The run of a trial, what frees the optimizers that were made for it, and what begins its data anew. */
export interface TrialRun<B> {
  readonly run: Run<B>;
  readonly free: () => void;
  /** Lets the data begin as at the start of a fit, unless it is that of a fit under way. */
  readonly renew: () => void;
}

/** Makes the run within which a trial takes place, with a state of its own and nobody who hears of it. */
export async function trialRun<B>(input: TrialRunInput<B>): Promise<TrialRun<B>> {
  const { trainer, runner, module, data, live, claims, signal } = input;
  const { options } = trainer;
  const { train, val } =
    data === undefined && live !== null ? live : limitFit(await fitSources(module, data, claims), options);
  const hooks = new Hooks({
    trainer,
    module: module as Module,
    callbacks: [],
    observers: null,
    children: new Children(),
  });
  const made = await makeRun({ module, hooks, signal, state: fork(input), runner }, options);
  const run = { ...made, train, val };
  const renew = (): void => {
    // A seed of the trial's own decides the order of what it trains on.
    if (input.seed === undefined) train.renew?.();
    val?.renew?.();
  };
  if (live !== null) {
    const { optimizers, schedulers } = live;
    const nothing = (): void => undefined;
    return {
      run: { ...run, optimizers, schedulers },
      free: nothing,
      renew: data === undefined ? nothing : renew,
    };
  }
  const { config, isOwn } = configure(module);
  const entries = await readOptimizerConfig(config);
  // Without their schedules, which would begin to move their rates.
  const optimizers = entries.map(({ optimizer }) => optimizer);
  const own = optimizers.filter(isOwn);
  const free = (): void => own.forEach((optimizer) => optimizer.dispose());
  try {
    for (const optimizer of optimizers) attachOptimizer(optimizer, run.variables.trainable, claims);
  } catch (error) {
    free();
    throw error;
  }
  return { run: { ...run, optimizers }, free, renew };
}

/** A state that begins as the Trainer's but moves on by itself; metrics begin empty. */
function fork<B>({ state, seed }: TrialRunInput<B>): TrainerState {
  const { random, currentEpoch, globalStep, accumulateGradBatches } = state;
  const own = seed === undefined ? RandomState.fromSnapshot(random.snapshot()) : new RandomState(seed);
  return Object.assign(new TrainerState(own), { currentEpoch, globalStep, accumulateGradBatches });
}
