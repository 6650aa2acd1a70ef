import { fitSources, type FitInput } from "../data/resolveData.js";
import { limitFit } from "../loops/limitData.js";
import { makeRun, type RunStart } from "../loops/makeRun.js";
import type { Run } from "../loops/run.js";
import { readOptimizerConfig } from "../optim/optimizerConfig.js";
import type { TrainerOptions } from "../trainerOptions.js";

/** What the run of a trial is made of. */
export interface TrialRunInput<B> {
  /** The data to train on; left out, that of the fit under way, or the module's own. */
  readonly data: FitInput<B> | undefined;
  /** The fit under way of the same module, whose optimizers the trial uses; `null` when there is none. */
  readonly live: Run<B> | null;
  readonly options: TrainerOptions;
}

/** Makes the run within which a trial takes place. */
export async function trialRun<B>(
  start: RunStart<B>,
  { data, live, options }: TrialRunInput<B>,
): Promise<Run<B>> {
  const { train, val } =
    data === undefined && live !== null
      ? live
      : await limitFit(await fitSources(start.module, data), options);
  const run = { ...(await makeRun(start, options)), train, val };
  if (live !== null) return { ...run, optimizers: live.optimizers, schedulers: live.schedulers };
  // Without their schedules, which would begin to move their rates.
  const optimizers = (await readOptimizerConfig(start.module.configureOptimizers())).map(
    ({ optimizer }) => optimizer,
  );
  for (const optimizer of optimizers) optimizer.attach(run.variables.trainable);
  return { ...run, optimizers };
}
