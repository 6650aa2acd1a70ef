import { FulmineError, type FitInput, type Module, type Trial, type Optimizer } from "@fulmine/core";
import type { Curve } from "./curve.js";
import { chooseOptimizer } from "./chooseOptimizer.js";
import type { FindLrOptions } from "./findLrOptions.js";
import type { LrFindHost } from "./lrFindHost.js";
import { LrFinder } from "./lrFinder.js";
import { resolveFindLrOptions } from "./resolveFindLrOptions.js";
import { repeatedSweep } from "./sweep/repeatedSweep.js";
import { sweep } from "./sweep/sweep.js";
import { unwatched, watched, type SweepWatch } from "./sweepWatch.js";

/**
 * Sweeps the learning rate from low to high, one optimizer step per rate, tries a few rates for some steps each where
 * the rule asks for it, and puts everything back as it was.
 *
 * @param host - The Trainer that runs it.
 * @param data - The data to train on; left out, that of the running fit or the module's own dataloaders.
 * @returns The curve, to pick from and to draw.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION` before any step, `INVALID_DATA`, `EMPTY_DATA`, `ABORTED`, and
 * whatever a step or the data throws.
 */
export async function findLr<B>(
  host: LrFindHost,
  module: Module<object, B>,
  data?: FitInput<B>,
  options: FindLrOptions = {},
): Promise<LrFinder> {
  const resolved = resolveFindLrOptions(options);
  const { seed, signal, numTraining, repeats, refine, val, progress, rule } = resolved;
  const body = async (trial: Trial): Promise<LrFinder> => {
    if (val > 0 && !trial.hasValidation) throw nothingToScore();
    const optimizerOf = ({ optimizers }: Trial): Optimizer => chooseOptimizer(optimizers, resolved.optimizer);
    const climb = (from: Trial, own: SweepWatch, scored = resolved): Promise<Curve> =>
      sweep(from, optimizerOf(from), scored, own);
    const measure = async (watch: SweepWatch): Promise<Curve> => {
      if (repeats > 1) return repeatedSweep(trial, resolved, watch, climb);
      if (refine === 0) return climb(trial, watch);
      // Held-out data scores the trials; the sweep before them only shows where to begin.
      const curve = await trial.branch((from) => climb(from, watch, { ...resolved, val: 0 }));
      const heldOut = val > 0 || (options.val === undefined && trial.hasValidation);
      const { refined } = await import("./sweep/refined.js");
      return refined({ curve, trial, optimizerOf, heldOut, options: resolved, progress: watch });
    };
    const total = repeats * numTraining + refine;
    const curve = await (progress ? watched(host, total, measure) : measure(unwatched));
    return new LrFinder(curve, rule);
  };
  return host.isolated(module, data, body, {
    name: "findLr",
    ...(seed === undefined ? {} : { seed }),
    ...(signal === undefined ? {} : { signal }),
  });
}

function nothingToScore(): FulmineError {
  return new FulmineError(
    "INVALID_DATA",
    "`val` of `findLr` asks for held-out losses, and there is no `val` data.",
    {
      todo: "Pass { train, val }.",
    },
  );
}
