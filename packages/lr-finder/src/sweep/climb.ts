import { bestTrial, isBetter } from "../rules/bestTrial.js";
import { meanOf } from "../rules/meanOf.js";
import type { LossLevels } from "../rules/lossLevels.js";
import type { RateTrial } from "./rateTrial.js";

/** Rates are tried on a grid of this many per decade. */
const PER_DECADE = 4;
/** A trial is compared with the best one from this step on; before, momentum and running means build up. */
const FIRST_COMPARED = 12;
/** It is given up when it lags behind the best one by more than this part of what that one gained... */
const LAG = 0.5;
/** ...and by this part of the untrained loss. */
const SLACK = 0.02;
/** A loss that lies so many times the untrained one above it is an explosion... */
const EXPLOSION = 3;
/** ...unless it is that of the first steps, in which optimizers whose memory is still empty overshoot. */
const FIRST_STEPS = 3;

/** What a climb needs. */
export interface Climb {
  /** The rate of the first trial. */
  readonly from: number;
  readonly levels: LossLevels;
  readonly minLr: number;
  readonly maxLr: number;
  /** How far to step, one after the other, in parts of a decade. */
  readonly strides: readonly number[];
  /** The steps of a whole trial. */
  readonly length: number;
  /** The steps that all trials together may take. */
  readonly steps: number;
  /** Makes a trial; one that takes all `left` steps before its end has no score. */
  readonly tryRate: (
    lr: number,
    left: number,
    isHopeless: (losses: readonly number[]) => boolean,
  ) => Promise<RateTrial>;
}

/**
 * Tries rates, a stride above and below the best so far, moves to what is better, and goes on with the next stride when
 * neither is (pattern search: Hooke and Jeeves 1961, "Direct search solution of numerical and statistical problems").
 *
 * Trials share their batches, so that losses of the same step can be compared however much batches differ: one above the
 * best rate that lags far behind is given up. One below it is not: slow rates may win in the end.
 *
 * @returns All trials, in the order in which they were made.
 */
export async function climb({
  from: wanted,
  levels,
  minLr,
  maxLr,
  strides,
  length,
  steps,
  tryRate,
}: Climb): Promise<readonly RateTrial[]> {
  const from = Math.min(maxLr, Math.max(minLr, wanted));
  const bottom = Math.ceil(PER_DECADE * Math.log10(minLr / from) - 1e-9);
  const top = Math.floor(PER_DECADE * Math.log10(maxLr / from) + 1e-9);
  const trials = new Map<number, RateTrial>();
  let left = steps;

  /** Makes a trial; false when there are no steps for it. */
  const attempt = async (at: number, best: RateTrial | undefined): Promise<boolean> => {
    const lr = from * 10 ** (at / PER_DECADE);
    const isAbove = best !== undefined && best.score < Infinity && lr > best.lr;
    if (left < (isAbove ? Math.min(length, FIRST_COMPARED) : length)) return false;
    const trial = await tryRate(
      lr,
      left,
      (losses) => hasExploded(losses, levels) || (isAbove && lagsBehind(losses, best.loss, levels)),
    );
    left -= trial.loss.length;
    trials.set(at, trial);
    return !Number.isNaN(trial.score);
  };

  if (!(await attempt(0, undefined))) return [...trials.values()];
  for (const stride of strides) {
    let isClimbing = true;
    while (isClimbing) {
      isClimbing = false;
      const best = bestTrial([...trials.values()]);
      const at = [...trials.keys()].find((key) => trials.get(key) === best) ?? 0;
      const step = Math.round(stride * PER_DECADE);
      const sides = [Math.min(top, at + step), Math.max(bottom, at - step)];
      if (best === undefined || best.score >= levels.untrained) sides.reverse();
      for (const side of sides) {
        if (trials.has(side)) continue;
        if (!(await attempt(side, best))) return [...trials.values()];
        const tried = trials.get(side);
        if (tried === undefined || best === undefined || !isBetter(tried, best)) continue;
        isClimbing = true;
        break;
      }
    }
  }
  return [...trials.values()];
}

/** Whether the last loss is an explosion; where batches alone make peaks, all of the last few must be. */
function hasExploded(losses: readonly number[], { untrained, noise }: LossLevels): boolean {
  if (losses.length <= FIRST_STEPS) return false;
  const highest = untrained + EXPLOSION * Math.max(Math.abs(untrained), noise);
  return losses.slice(noise > -Infinity ? -FIRST_STEPS : -1).every((loss) => loss > highest);
}

/** Whether the second half of the losses so far lies well above the same steps of the best trial. */
function lagsBehind(losses: readonly number[], best: readonly number[], { untrained }: LossLevels): boolean {
  const count = losses.length;
  if (count < FIRST_COMPARED) return false;
  const half = Math.floor(count / 2);
  const rival = meanOf(best.slice(half, count));
  const lag = meanOf(losses.slice(half)) - rival;
  return lag > LAG * Math.max(0, untrained - rival) + SLACK * Math.abs(untrained);
}
