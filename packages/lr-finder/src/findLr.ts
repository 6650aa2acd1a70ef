import {
  FulmineError,
  type BranchOptions,
  type FitInput,
  type Module,
  type Optimizer,
  type Trial,
} from "@fulmine/core";
import type { Curve } from "./curve/curve.js";
import { LrFinder } from "./lrFinder.js";
import type { LrFindHost } from "./lrFindHost.js";
import type { FindLrOptions } from "./options/findLrOptions.js";
import { resolveFindLrOptions } from "./options/resolveFindLrOptions.js";
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
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION` before the first step, `INVALID_DATA`, `EMPTY_DATA`, `ABORTED`.
 * Errors from a step or from the data are rethrown.
 */
export async function findLr<B>(
  host: LrFindHost,
  module: Module<object, B>,
  data?: FitInput<B>,
  options: FindLrOptions = {},
): Promise<LrFinder> {
  const resolved = resolveFindLrOptions(options);
  const { seed, signal, numTraining, repeats, refine: refineSteps, val, progress, rule } = resolved;
  const body = async (trial: Trial): Promise<LrFinder> => {
    if (val > 0 && !trial.hasValidation) throw noValidationData();
    const optimizerOf = ({ optimizers }: Trial): Optimizer => chooseOptimizer(optimizers, resolved.optimizer);
    const sweepOnce = (progress: SearchProgress, branch?: BranchOptions): Promise<Curve> =>
      pairedSweep(trial, { optimizerOf, options: resolved, progress, ...(branch && { branch }) });
    const measure = async (report: SearchProgress): Promise<Curve> => {
      if (repeats > 1) return repeatedSweep(resolved, report, sweepOnce);
      if (refineSteps === 0) return sweepOnce(report);
      // The sweep only shows where trials begin; only the trials are scored on held-out data.
      const unscored = { ...resolved, val: 0 };
      const curve = await pairedSweep(trial, { optimizerOf, options: unscored, progress: report });
      const heldOut = val > 0 || (options.val === undefined && trial.hasValidation);
      const { refine } = await import("./sweep/refine.js");
      return refine({ curve, trial, optimizerOf, heldOut, options: resolved, progress: report });
    };
    const total = repeats * numTraining + refineSteps;
    const curve = await (progress ? reportProgress(host, total, measure) : measure(silentProgress));
    return new LrFinder(curve, rule);
  };
  return host.isolated(module, data, body, {
    name: "findLr",
    ...(seed === undefined ? {} : { seed }),
    ...(signal === undefined ? {} : { signal }),
  });
}

function noValidationData(): FulmineError {
  return new FulmineError("INVALID_DATA", "`val` of `findLr` needs validation data, but there is none.", {
    todo: "Pass { train, val }.",
  });
}
