import type { RateTrial } from "../curve/curve.js";
import type { LossLevels } from "../rules/lossLevels.js";
import { bestTrial, neighbours } from "../rules/trials.js";

/** The distance of the first two rates from the start, in decades: about the error of `auto`. */
const FIRST = 0.25;
/** The distance of the next rate beyond an outermost rate that did clearly best, in decades. */
const BEYOND = 0.5;
/** No rate is tried between two rates that are at most this close, in decades. */
const NEAR = 0.3;
/** A trial is clearly better than another if it leads by this part of its own gain. */
const CLEARLY = 0.2;
/** A loss has exploded if it is above the untrained loss by this many times the untrained loss. */
const EXPLOSION = 3;
/** The number of successive exploded losses that stops a trial; a single one can come from an odd batch. */
const IN_A_ROW = 3;

/** The task of {@link bracket}. */
export interface Bracketing {
  /** The rate around which trials begin. */
  readonly from: number;
  readonly levels: LossLevels;
  readonly minLr: number;
  readonly maxLr: number;
  /** The number of steps of a complete trial. */
  readonly length: number;
  /** The number of steps of all trials together. */
  readonly steps: number;
  /** Runs one trial; `isHopeless` is asked after each step with the losses so far, and stops the trial early. */
  readonly tryRate: (lr: number, isHopeless: (losses: readonly number[]) => boolean) => Promise<RateTrial>;
}

/**
 * Brackets the best rate: the minimum of the score should lie between rates that were tried (Brent 1973, "Algorithms for
 * minimization without derivatives").
 *
 * It first tries a rate below and one above the start. Then it tries a rate beyond the best one if that one did clearly better
 * than its neighbour, else a rate between the best two, and beyond again if the best of them is still the outermost, as long as
 * the steps for a complete trial remain.
 *
 * A trial stops early only if its loss explodes. A slow trial is completed because it can win in the end.
 *
 * @returns All trials in the order in which they ran.
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

/** The next rate to try; a rate that was already tried if another trial would tell nothing. */
function nextRate(trials: readonly RateTrial[], { from, levels, minLr, maxLr }: Bracketing): number {
  const within = (lr: number): number => Math.min(maxLr, Math.max(minLr, lr));
  const start = within(from);
  const best = bestTrial(trials);
  if (best === undefined) return within(start * 10 ** -FIRST);
  if (trials.length === 1) return within(start * 10 ** FIRST);
  const { below, above } = neighbours(best, trials);
  const onlySide = below === undefined ? above : above === undefined ? below : undefined;
  const beyond = within(best.lr * 10 ** (onlySide === above ? -BEYOND : BEYOND));
  if (onlySide !== undefined && isClearlyBetter(best, onlySide, levels)) return beyond;
  const sides = [below, above].filter((side) => side !== undefined);
  const other = bestTrial(sides.filter(({ lr }) => Math.abs(Math.log10(lr / best.lr)) > NEAR));
  if (other !== undefined) return Math.sqrt(best.lr * other.lr);
  // Nothing is left to try between them, so an outermost rate that leads, if only by a little, is followed.
  return onlySide !== undefined && best.score < onlySide.score ? beyond : best.lr;
}

/** Whether a trial beats another by more than chance. If both stopped early, the one at the lower rate wins. */
function isClearlyBetter({ score }: RateTrial, other: RateTrial, { untrained }: LossLevels): boolean {
  return score === Infinity || other.score - score > CLEARLY * Math.max(0, untrained - score);
}

/** Whether the last losses have exploded. The first loss is skipped because it is that of the untrained model. */
function hasExploded(losses: readonly number[], { untrained, noise }: LossLevels): boolean {
  if (losses.length <= IN_A_ROW) return false;
  const highest = untrained + EXPLOSION * Math.max(Math.abs(untrained), noise);
  return losses.slice(-IN_A_ROW).every((loss) => loss > highest);
}
