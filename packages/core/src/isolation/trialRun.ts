import type { FitInput } from "../data/dataloaders.js";
import { fitSources } from "../loops/data/fitData.js";
import { Hooks } from "../run/hooks.js";
import { limitFit } from "../loops/data/limitBatches.js";
import { makeRun, type Run } from "../run/run.js";
import type { Module } from "../module/module.js";
import type { TrainerView } from "../module/trainerView.js";
import { Children } from "../ownership/children.js";
import type { Claims } from "../ownership/claims.js";
import { attachOptimizer, callConfigureOptimizers } from "../module/configuredOptimizers.js";
import { readOptimizerConfig } from "../module/optimizerConfig.js";
import { RandomState } from "../random/randomState.js";
import type { StepRunner } from "../step/stepFunction.js";
import { TrainerState } from "../run/trainerState.js";

/** The parts of a trial's run. */
export interface TrialRunInput<B> {
  readonly trainer: TrainerView;
  /** Runs the trial's steps. */
  readonly runner: StepRunner;
  readonly module: Module<object, B>;
  /** The data to train on. @defaultValue the data of the current fit, or the module's own dataloaders */
  readonly data: FitInput<B> | undefined;
  /** The current fit of the same module, whose optimizers the trial uses; `null` if there is none. */
  readonly live: Run<B> | null;
  /** The Trainer's state. */
  readonly state: TrainerState;
  /** The seed of the trial's random state. @defaultValue a copy of the Trainer's random state */
  readonly seed: number | undefined;
  /** The objects that the trial owns. */
  readonly claims: Claims;
  readonly signal: AbortSignal;
}

/** The run of a trial. */
export interface TrialRun<B> {
  readonly run: Run<B>;
  /** Disposes the optimizers that were created for the trial. */
  readonly free: () => void;
  /** Resets the data to the start of a fit, unless it is the data of the current fit. */
  readonly renew: () => void;
}

/** Makes the run of a trial. It has a state of its own, and no callbacks, loggers or observers. */
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
    // The trial's own seed decides the order of its training data.
    if (input.seed === undefined) train.renew?.();
    val?.renew?.();
  };
  if (live !== null) {
    const { optimizers, schedulers } = live;
    const nothing = (): void => undefined;
    return {
      run: { ...run, optimizers, schedulers, schedules: rulesOf(live) },
      free: nothing,
      renew: data === undefined ? nothing : renew,
    };
  }
  const { config, isOwn } = callConfigureOptimizers(module);
  const entries = readOptimizerConfig(config);
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
  return { run: { ...run, optimizers, schedules: entries.map(({ schedule }) => schedule) }, free, renew };
}

/** The schedules of a fit by optimizer. */
function rulesOf<B>({ optimizers, schedulers }: Run<B>): Run<B>["schedules"] {
  return optimizers.map((optimizer) => schedulers.find((each) => each.optimizer === optimizer)?.rule);
}

/** Copies the Trainer's state, without its metrics. */
function fork<B>({ state, seed }: TrialRunInput<B>): TrainerState {
  const { random, currentEpoch, globalStep, accumulateGradBatches } = state;
  const own = seed === undefined ? RandomState.fromSnapshot(random.snapshot()) : new RandomState(seed);
  return Object.assign(new TrainerState(own), { currentEpoch, globalStep, accumulateGradBatches });
}
