import type { Optimizer, Trial } from "@fulmine/core";
import type { Curve } from "../curve.js";
import { searchEdge } from "./edgeSearch.js";
import type { ResolvedFindLrOptions } from "../resolveFindLrOptions.js";
import { runRateTrial, type RateTrial } from "./rateTrial.js";
import { readEdge } from "../rules/edge.js";
import { edgeGuess } from "../rules/edgeGuess.js";
import { readRungs } from "../rules/rung.js";
import { isHopeless, TRIAL_STEPS } from "../rules/trialRise.js";
import { unreadable } from "../rules/unreadable.js";
import type { SweepWatch } from "../sweepWatch.js";

/**
 * Where long trials are made, as parts of the edge: a quarter of a decade on either side of a twelfth. That is higher than
 * the pick of short trials, whose margin guards against what long ones see for themselves.
 */
const LONG_TRIALS_AT = [10 ** -0.25 / 12, 10 ** 0.25 / 12] as const;

/** What trials are made with. */
interface Trying {
  /** What the sweep measured. */
  readonly curve: Curve;
  /** A trial that stands where the sweep began. */
  readonly trial: Trial;
  readonly optimizerOf: (trial: Trial) => Optimizer;
  readonly options: ResolvedFindLrOptions;
  readonly progress: SweepWatch;
}

/** Makes the trials that the options ask for and adds them to a curve; a curve that can't be read gets none. */
export async function addTrials({ curve, trial, optimizerOf, options, progress }: Trying): Promise<Curve> {
  if (unreadable(curve, readRungs(curve), 3) !== null) return curve;
  const { minLr, maxLr, trials: steps, refine } = options;
  let taken = curve.lr.length;
  const tryRate = async (
    lr: number,
    count: number,
    isOver: (losses: readonly number[]) => boolean,
  ): Promise<RateTrial> => {
    const tried = await runRateTrial(trial, optimizerOf, { lr, steps: count, isHopeless: isOver });
    taken += tried.loss.length;
    progress.trial(taken, { lr, loss: tried.loss.at(-1) ?? NaN });
    return tried;
  };
  const trials = await searchEdge({
    guess: edgeGuess(curve),
    minLr,
    maxLr,
    steps,
    tryRate: (lr, untrained) =>
      tryRate(lr, TRIAL_STEPS, (losses) => untrained !== null && isHopeless(losses, untrained.loss)),
  });
  const tried: Curve = { ...curve, trials };
  const { lr: edge } = readEdge(trials);
  if (refine === 0 || edge === null) return tried;
  const refined: RateTrial[] = [];
  for (const part of LONG_TRIALS_AT) {
    const lr = Math.min(maxLr, Math.max(minLr, edge * part));
    refined.push(await tryRate(lr, Math.floor(refine / 2), () => false));
  }
  return { ...tried, refined };
}
