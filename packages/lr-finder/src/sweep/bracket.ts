import { bestTrial } from "../rules/bestTrial.js";
import type { LossLevels } from "../rules/lossLevels.js";
import { neighbours } from "../rules/neighbours.js";
import type { RateTrial } from "./rateTrial.js";

/** How far below and above the start the first two rates lie, in decades: about as far as `auto` is off. */
const FIRST = 0.25;
/** How far beyond the outermost rate the next one lies where that did clearly best, in decades. */
const BEYOND = 0.5;
/** Rates that lie no further apart than this are not told apart, in decades. */
const NEAR = 0.3;
/** A trial is clearly better than another by this part of what it gained itself. */
const CLEARLY = 0.2;
/** Losses that lie so many times the untrained one above it are an explosion... */
const EXPLOSION = 3;
/** ...when so many in a row do: one alone may be an odd batch's, and all trials share their batches. */
const IN_A_ROW = 3;

/** What a bracketing needs. */
export interface Bracketing {
  /** The rate about which trials are made. */
  readonly from: number;
  readonly levels: LossLevels;
  readonly minLr: number;
  readonly maxLr: number;
  /** The steps of a whole trial. */
  readonly length: number;
  /** The steps that all trials together may take. */
  readonly steps: number;
  readonly tryRate: (lr: number, isHopeless: (losses: readonly number[]) => boolean) => Promise<RateTrial>;
}

/**
 * Tries rates a little below and above the start, and goes on beyond the one that did clearly better, or between the two
 * where neither did, for as long as there are steps for a whole trial: the minimum is to lie between rates that were tried
 * (bracketing: Brent 1973, "Algorithms for minimization without derivatives").
 *
 * Only what explodes is given up: a rate that lags may win in the end.
 *
 * @returns All trials, in the order in which they were made.
 */
export async function bracket(search: Bracketing): Promise<readonly RateTrial[]> {
  const trials: RateTrial[] = [];
  let left = search.steps;
  while (left >= search.length) {
    const lr = nextRate(trials, search);
    if (trials.some((trial) => trial.lr === lr)) break;
    const trial = await search.tryRate(lr, (losses) => hasExploded(losses, search.levels));
    trials.push(trial);
    left -= trial.loss.length;
  }
  return trials;
}

/** The rate to try next; one that was tried already where there is nothing to be learned. */
function nextRate(trials: readonly RateTrial[], { from, levels, minLr, maxLr }: Bracketing): number {
  const within = (lr: number): number => Math.min(maxLr, Math.max(minLr, lr));
  const start = within(from);
  const best = bestTrial(trials);
  if (best === undefined) return within(start * 10 ** -FIRST);
  if (trials.length === 1) return within(start * 10 ** FIRST);
  const { below, above } = neighbours(best, trials);
  const onlySide = below === undefined ? above : above === undefined ? below : undefined;
  if (onlySide !== undefined && isClearlyBetter(best, onlySide, levels))
    return within(best.lr * 10 ** (onlySide === above ? -BEYOND : BEYOND));
  const sides = [below, above].filter((side) => side !== undefined);
  const other = bestTrial(sides.filter(({ lr }) => Math.abs(Math.log10(lr / best.lr)) > NEAR));
  return other === undefined ? best.lr : Math.sqrt(best.lr * other.lr);
}

/** Whether a trial beats another by more than what chance makes; where both were given up, the lower rate does. */
function isClearlyBetter({ score }: RateTrial, other: RateTrial, { untrained }: LossLevels): boolean {
  return score === Infinity || other.score - score > CLEARLY * Math.max(0, untrained - score);
}

/** Whether the last losses are an explosion; the first is that of the untrained model. */
function hasExploded(losses: readonly number[], { untrained, noise }: LossLevels): boolean {
  if (losses.length <= IN_A_ROW) return false;
  const highest = untrained + EXPLOSION * Math.max(Math.abs(untrained), noise);
  return losses.slice(-IN_A_ROW).every((loss) => loss > highest);
}
