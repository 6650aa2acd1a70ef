import type { Optimizer, Trial } from "@fulmine/core";
import type { Curve } from "../curve.js";
import type { ResolvedFindLrOptions } from "../resolveFindLrOptions.js";
import { readRungs } from "../rules/rung.js";
import { trialsStart } from "../rules/trialsStart.js";
import { unreadable } from "../rules/unreadable.js";
import type { SweepWatch } from "../sweepWatch.js";
import { climb } from "./climb.js";
import { runRateTrial } from "./rateTrial.js";

/** Short trials: few, so that strides begin wide. Long ones: each must count, so that there is no stride to spare. */
const SHORT = { part: 0.35, strides: [1, 0.5, 0.25] } as const;
const LONG = { part: 0.265, strides: [0.75, 0.25] } as const;

/** What trials are made with. */
interface Trying {
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

/** Makes the trials that the options ask for and adds them to a curve; a curve that can't be read gets none. */
export async function addTrials(trying: Trying): Promise<Curve> {
  const { curve, trial, optimizerOf, heldOut, options, progress } = trying;
  if (unreadable(curve, readRungs(curve), 3) !== null) return curve;
  const { minLr, maxLr, refine } = options;
  const steps = options.trials + refine;
  const { part, strides } = refine > 0 ? LONG : SHORT;
  const length = Math.floor(part * steps);
  let taken = curve.lr.length;
  const trials = await climb({
    ...{ start: trialsStart(curve), minLr, maxLr, strides, length, steps },
    async tryRate(lr, left, isHopeless) {
      const tried = await runRateTrial(trial, optimizerOf, {
        lr,
        length,
        left,
        heldOut,
        isHopeless,
      });
      taken += tried.loss.length;
      progress.trial(taken, { lr, loss: tried.loss.at(-1) ?? NaN });
      return tried;
    },
  });
  return { ...curve, trials };
}
