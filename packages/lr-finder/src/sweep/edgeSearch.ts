import type { RateTrial } from "./rateTrial.js";
import { isHarmful } from "../rules/edge.js";
import { TRIAL_STEPS } from "../rules/trialRise.js";

/** Rates are tried on a grid of this many per decade. */
const PER_DECADE = 4;
/** How far below and above the first guess the edge is taken to lie at first, in steps of the grid. */
const BELOW = 6;
const ABOVE = 4;

/** What a search for the edge needs. */
export interface EdgeSearch {
  /** About where the edge lies. */
  readonly guess: number;
  readonly minLr: number;
  readonly maxLr: number;
  /** The most training steps that all trials together may take. */
  readonly steps: number;
  /** Trains at a rate. */
  readonly tryRate: (lr: number, untrained: RateTrial | null) => Promise<RateTrial>;
}

/**
 * Closes in on the edge beyond which training harms, by halving the interval that holds it; where the edge is seen to
 * lie outside the interval of the first guess, it goes on there.
 *
 * @returns All trials, in the order in which they were made; the first shows the untrained loss.
 */
export async function searchEdge({
  guess,
  minLr,
  maxLr,
  steps,
  tryRate,
}: EdgeSearch): Promise<readonly RateTrial[]> {
  const untrained = await tryRate(minLr, null);
  const trials = [untrained];
  let left = steps - untrained.loss.length;
  // The very lowest rate is the untrained one and can't be judged by itself.
  const bottom = Math.floor(PER_DECADE * Math.log10(minLr / guess)) + 1;
  const top = Math.max(bottom, Math.floor(PER_DECADE * Math.log10(maxLr / guess)));
  const clip = (at: number): number => Math.min(top, Math.max(bottom, at));
  let [low, high] = [clip(-BELOW), clip(ABOVE)];
  const tried = new Set<number>();
  const harms = async (at: number): Promise<boolean> => {
    const trial = await tryRate(guess * 10 ** (at / PER_DECADE), untrained);
    trials.push(trial);
    tried.add(at);
    left -= trial.loss.length;
    return isHarmful(trial, untrained);
  };
  while (left >= TRIAL_STEPS) {
    if (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (await harms(middle)) high = middle;
      else low = middle;
    } else if (!tried.has(low)) {
      // Nothing tried was harmless: is the interval's lower end, which was only assumed to be?
      if (!(await harms(low))) continue;
      [low, high] = [clip(low - PER_DECADE), low];
      if (low === high) break;
    } else if (!tried.has(high) && high > low) {
      if (await harms(high)) continue;
      [low, high] = [high, clip(high + PER_DECADE)];
      if (low === high) break;
    } else {
      break;
    }
  }
  return trials;
}
