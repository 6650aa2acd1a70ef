import type { Optimizer, Trial } from "@fulmine/core";
import type { Curve } from "../curve.js";
import type { ResolvedFindLrOptions } from "../resolveFindLrOptions.js";
import { auto } from "../rules/auto.js";
import { lossLevels } from "../rules/lossLevels.js";
import type { SweepWatch } from "../sweepWatch.js";
import { bracket } from "./bracket.js";
import { runRateTrial } from "./rateTrial.js";

/** Few whole trials, and so long ones: the longer, the more of what comes late they see. */
const WHOLE_TRIALS = 3;

/** What refining needs. */
interface Refining {
  /** What the sweep measured. */
  readonly curve: Curve;
  /** A trial that stands where the sweep began. */
  readonly trial: Trial;
  readonly optimizerOf: (trial: Trial) => Optimizer;
  /** Whether trials are judged by held-out losses. */
  readonly heldOut: boolean;
  readonly options: ResolvedFindLrOptions;
  readonly progress: SweepWatch;
}

/** Tries rates about `auto`'s pick, and adds the trials to the curve; one that gives no pick gets none. */
export async function refined(refining: Refining): Promise<Curve> {
  const { curve, trial, optimizerOf, heldOut, options, progress } = refining;
  const { lr: from } = auto(curve);
  if (from === null) return curve;
  const { minLr, maxLr, refine: steps } = options;
  const length = Math.floor(steps / WHOLE_TRIALS);
  let taken = curve.lr.length;
  const trials = await bracket({
    ...{ from, levels: lossLevels(curve), minLr, maxLr, length, steps },
    async tryRate(lr, isHopeless) {
      const tried = await runRateTrial(trial, optimizerOf, { lr, length, heldOut, isHopeless });
      taken += tried.loss.length;
      progress.trial(taken, { lr, loss: tried.loss.at(-1) ?? NaN });
      return tried;
    },
  });
  return { ...curve, trials };
}
