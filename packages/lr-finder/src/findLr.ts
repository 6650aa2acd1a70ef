import type { BranchOptions, FitInput, Module, Optimizer, Trial } from "@fulmine/core";
import type { Curve } from "./curve/curve.js";
import { LrFinder } from "./lrFinder.js";
import type { LrFindHost } from "./lrFindHost.js";
import type { FindLrOptions } from "./options/findLrOptions.js";
import { resolveFindLrOptions } from "./options/resolveFindLrOptions.js";
import type { PlannedRates } from "./plannedRates.js";
import { reportProgress, silentProgress, type SearchProgress } from "./sweep/progress.js";
import { pairedSweep } from "./sweep/pairedSweep.js";
import { repeatedSweep } from "./sweep/repeatedSweep.js";
import { chooseOptimizer } from "./sweep/sweep.js";

/**
 * Searches a learning rate: trains one optimizer step at each of a list of rates from low to high, with the option `refine`
 * also some longer trials, and then restores the module, the Trainer and the data exactly.
 *
 * @param host - The Trainer that runs the steps.
 * @param data - The training data. @defaultValue the data of the running fit, or the module's own data loaders
 * @returns The measured curve, from which rules suggest a rate.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION` before the first step, also `INVALID_STEP` if a `validationStep`
 * that is to score gives no loss; `INVALID_DATA`, `EMPTY_DATA`, `ABORTED`.
 * Errors from a step or from the data are rethrown.
 */
export async function findLr<B>(
  host: LrFindHost,
  module: Module<object, B>,
  data?: FitInput<B>,
  options: FindLrOptions = {},
): Promise<LrFinder> {
  return (await search(host, module, data, options)).finder;
}

/** The result of a search, and the rates that the swept optimizer began with. */
export interface SearchResult {
  readonly finder: LrFinder;
  readonly before: PlannedRates;
}

/** Like {@link findLr}, for a caller that compares the optimizer before and after. */
export async function search<B>(
  host: LrFindHost,
  module: Module<object, B>,
  data?: FitInput<B>,
  options: FindLrOptions = {},
): Promise<SearchResult> {
  const resolved = resolveFindLrOptions(options);
  const { seed, signal, numTraining, repeats, refine: refineSteps, progress, rule } = resolved;
  const body = async (trial: Trial): Promise<SearchResult> => {
    const optimizerOf = ({ optimizers }: Trial): Optimizer => chooseOptimizer(optimizers, resolved.optimizer);
    const swept = optimizerOf(trial);
    const { ratesBefore } = await import("./plannedRates.js");
    const before = ratesBefore(swept, trial.schedules[trial.optimizers.indexOf(swept)]);
    const { scoresHeldOut } = await import("./sweep/heldOut.js");
    const heldOut = await scoresHeldOut(trial, resolved, options.val);
    const sweepOnce = (progress: SearchProgress, branch?: BranchOptions): Promise<Curve> =>
      pairedSweep(trial, { optimizerOf, options: resolved, progress, ...(branch && { branch }) });
    const measure = async (report: SearchProgress): Promise<Curve> => {
      if (repeats > 1) return repeatedSweep(resolved, report, sweepOnce);
      if (refineSteps === 0) return sweepOnce(report);
      // The sweep only shows where trials begin; only the trials are scored on held-out data.
      const unscored = { ...resolved, val: 0 };
      const curve = await pairedSweep(trial, { optimizerOf, options: unscored, progress: report });
      const { refine } = await import("./sweep/refine.js");
      return refine({ curve, trial, optimizerOf, heldOut, options: resolved, progress: report });
    };
    const total = repeats * numTraining + refineSteps;
    const curve = await (progress ? reportProgress(host, total, measure) : measure(silentProgress));
    return { finder: new LrFinder(curve, rule), before };
  };
  return host.isolated(module, data, body, {
    name: "findLr",
    ...(seed === undefined ? {} : { seed }),
    ...(signal === undefined ? {} : { signal }),
  });
}
