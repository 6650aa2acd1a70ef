import type { BranchOptions, Optimizer, Trial } from "@fulmine/core";
import type { Curve } from "../curve/curve.js";
import type { ResolvedFindLrOptions } from "../options/resolveFindLrOptions.js";
import { showsOnlyNoise } from "../rules/paired.js";
import type { SearchProgress } from "./progress.js";
import { sweep } from "./sweep.js";

/** What {@link pairedSweep} needs. */
export interface PairedSweep {
  readonly optimizerOf: (trial: Trial) => Optimizer;
  readonly options: ResolvedFindLrOptions;
  readonly progress: SearchProgress;
  readonly branch?: BranchOptions;
}

/**
 * Sweeps in a branch of a trial. If the losses alone can't show what the rates did, another branch takes the same steps at a rate
 * of 0, so that rules can compare both batch by batch: if they look like the noise of batches, if one is not finite, or if other
 * optimizers trained meanwhile.
 */
export async function pairedSweep(
  trial: Trial,
  { optimizerOf, options, progress, branch }: PairedSweep,
): Promise<Curve> {
  const curve = await trial.branch((from) => sweep(from, optimizerOf(from), options, progress), branch);
  if (options.val > 0 || !isUnclear(curve)) return curve;
  const untrained = await trial.branch(
    (from) => untrainedLosses(from, optimizerOf(from), curve.loss.length),
    branch,
  );
  return { ...curve, untrained };
}

function isUnclear(curve: Curve): boolean {
  const { loss, stopped, optimizer } = curve;
  if (stopped === "not-finite") return loss.length > 1;
  return (optimizer?.others ?? 0) > 0 || showsOnlyNoise(curve);
}

/** The losses of the next batches without training, up to the first that is not finite. */
async function untrainedLosses(trial: Trial, optimizer: Optimizer, steps: number): Promise<number[]> {
  const losses: number[] = [];
  optimizer.lr = 0;
  while (losses.length < steps && losses.every(Number.isFinite)) losses.push(await trial.step());
  return losses;
}
