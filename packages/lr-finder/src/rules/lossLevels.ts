import type { Curve } from "../curve.js";
import { batchNoise } from "./batchNoise.js";
import { untrainedLoss, untrainedRungs } from "./untrainedLoss.js";

/** Losses that differ by more than this factor at rates too low to train are noise. */
const NOISY = 4;

/** What losses of a model are before it has learned anything more. */
export interface LossLevels {
  /** The loss of the untrained model, about. */
  readonly untrained: number;
  /** The highest loss that batches alone make, where these differ by several times; else `-Infinity`. */
  readonly noise: number;
}

/** What the rates of a sweep that are too low to train show. */
export function lossLevels({ loss }: Curve): LossLevels {
  return {
    untrained: untrainedLoss(loss),
    noise: batchNoise(loss.slice(0, untrainedRungs(loss.length)), NOISY),
  };
}
