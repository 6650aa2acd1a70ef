import type { RateTrial } from "../sweep/rateTrial.js";
import { lowest } from "./lowest.js";
import { trialRise } from "./trialRise.js";

/** A trial whose losses rise by more than this part of the untrained loss was worse than not training. */
const HARMFUL_RISE = 0.02;
/** A rise beyond this is an explosion, whose size says nothing of how far below it the edge lies. */
const EXPLOSION = 0.5;

/** What trials say of the edge beyond which training harms. */
export interface Edge {
  /** The highest rate that did no harm, below all that did; null when even the lowest did. */
  readonly harmless: number | null;
  /** The lowest rate that did harm; null when none did. */
  readonly harmful: number | null;
  /** Where between the two the edge lies; null when even the lowest rate did harm. */
  readonly lr: number | null;
}

/** The trial at the lowest rate, which shows the losses of untrained weights. */
export function untrainedTrial(trials: readonly RateTrial[]): RateTrial | undefined {
  return lowest(trials, ({ lr }) => lr);
}

/** Whether a rate made the loss worse than not training does. */
export function isHarmful(trial: RateTrial, untrained: RateTrial): boolean {
  return trialRise(trial.loss, untrained.loss) > HARMFUL_RISE;
}

/**
 * The edge beyond which training harms, from short trials. It is interpolated in log(lr) where the loss only begins to
 * rise, and set in the middle where it explodes.
 *
 * @param trials - Their lowest rate is taken for one too low to train.
 */
export function readEdge(trials: readonly RateTrial[]): Edge {
  const untrained = untrainedTrial(trials);
  if (untrained === undefined) return { harmless: null, harmful: null, lr: null };
  const tried = trials
    .filter((trial) => trial !== untrained)
    .map(({ lr, loss }) => ({ lr, rise: trialRise(loss, untrained.loss) }))
    .toSorted((a, b) => a.lr - b.lr);
  const first = tried.findIndex(({ rise }) => rise > HARMFUL_RISE);
  const above = tried[first];
  const below = first === -1 ? tried.at(-1) : tried[first - 1];
  if (below === undefined) return { harmless: null, harmful: above?.lr ?? null, lr: null };
  if (above === undefined) return { harmless: below.lr, harmful: null, lr: below.lr };
  const share =
    above.rise < EXPLOSION ? Math.max(0, (HARMFUL_RISE - below.rise) / (above.rise - below.rise)) : 0.5;
  return { harmless: below.lr, harmful: above.lr, lr: below.lr * (above.lr / below.lr) ** share };
}
