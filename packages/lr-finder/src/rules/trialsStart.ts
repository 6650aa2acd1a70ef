import type { Curve } from "../curve.js";
import { batchNoise } from "./batchNoise.js";
import { untrainedLoss, untrainedRungs } from "./untrainedLoss.js";

/** How far below the rate that doubles the loss trials begin, as a factor. */
const BELOW = 100;
/** Losses that differ by more than this factor at rates no higher than that of the first trial are noise. */
const NOISY = 4;

/** Where trials begin. */
export interface TrialsStart {
  /** The rate of the first trial. */
  readonly lr: number;
  /** The loss of the untrained model, about. */
  readonly untrained: number;
  /** The highest loss that batches alone make, where these differ by several times; else `-Infinity`. */
  readonly noise: number;
}

/**
 * A hundredth of the rate from which on a coarse sweep's losses stay above twice the untrained model's, which a curve of
 * twenty rungs shows about. On tasks as in bench/regret.md the best rate lies within a decade of it four times in five.
 */
export function trialsStart({ lr, loss }: Curve): TrialsStart {
  const untrained = untrainedLoss(loss);
  const calm = loss.findLastIndex((value) => value - untrained <= Math.abs(untrained));
  const start = (lr[calm + 1] ?? lr.at(-1) ?? NaN) / BELOW;
  const below = Math.max(untrainedRungs(loss.length), lr.filter((rate) => rate <= start).length);
  return { lr: start, untrained, noise: batchNoise(loss.slice(0, below), NOISY) };
}
