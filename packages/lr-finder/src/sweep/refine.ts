import type { Optimizer, Trial } from "@fulmine/core";
import type { Curve, RateTrial } from "../curve/curve.js";
import { meanOf } from "../curve/statistics.js";
import type { ResolvedFindLrOptions } from "../options/resolveFindLrOptions.js";
import { auto } from "../rules/auto.js";
import { lossLevels } from "../rules/lossLevels.js";
import { bracket } from "./bracket.js";
import type { SearchProgress } from "./progress.js";

/** The number of complete trials. Few long trials are better than many short ones: they show more of what happens late. */
const COMPLETE_TRIALS = 3;
/** A trial is scored on held-out data after each of its parts; without it, the training losses of the last part are its score. */
const PARTS = 3;

/** The task of {@link refine}. */
interface Refining {
  /** The result of the sweep. */
  readonly curve: Curve;
  /** The isolated run, in the state in which the sweep began. */
  readonly trial: Trial;
  readonly optimizerOf: (trial: Trial) => Optimizer;
  /** Whether held-out losses score the trials. */
  readonly heldOut: boolean;
  readonly options: ResolvedFindLrOptions;
  readonly progress: SearchProgress;
}

/** Runs trials around the pick of `auto` and adds them to the curve. Runs none if `auto` suggests no rate. */
export async function refine(refining: Refining): Promise<Curve> {
  const { curve, trial, optimizerOf, heldOut, options, progress } = refining;
  const { lr: from } = auto(curve);
  if (from === null) return curve;
  const { minLr, maxLr, refine: steps } = options;
  const length = Math.floor(steps / COMPLETE_TRIALS);
  let done = curve.lr.length;
  const trials = await bracket({
    ...{ from, levels: lossLevels(curve), minLr, maxLr, length, steps },
    async tryRate(lr, isHopeless) {
      const tried = await runRateTrial(trial, optimizerOf, { lr, length, heldOut, isHopeless });
      done += tried.loss.length;
      progress.trial(done, { lr, loss: tried.loss.at(-1) ?? NaN });
      return tried;
    },
  });
  return { ...curve, trials };
}

interface RateTrialOptions {
  readonly lr: number;
  /** The number of steps of a complete trial, at least 3. */
  readonly length: number;
  readonly heldOut: boolean;
  /** Whether to stop the trial early. It is asked after each step with the losses so far. */
  readonly isHopeless: (losses: readonly number[]) => boolean;
}

/** Trains at one rate in a branch of the isolated run, which then returns to its state. */
function runRateTrial(
  trial: Trial,
  optimizerOf: (trial: Trial) => Optimizer,
  { lr, length, heldOut, isHopeless }: RateTrialOptions,
): Promise<RateTrial> {
  const ends = Array.from({ length: PARTS }, (_, part) => Math.floor((length * (part + 1)) / PARTS));
  return trial.branch(async (branch) => {
    optimizerOf(branch).lr = lr;
    const loss: number[] = [];
    let lowest = Infinity;
    while (loss.length < length) {
      const value = await branch.step();
      loss.push(value);
      if (!Number.isFinite(value) || isHopeless(loss)) return { lr, loss, score: Infinity };
      if (!heldOut || !ends.includes(loss.length)) continue;
      const scored = await branch.validate();
      if (scored < lowest) lowest = scored;
    }
    return { lr, loss, score: heldOut ? lowest : meanOf(loss.slice(ends.at(-2))) };
  });
}
