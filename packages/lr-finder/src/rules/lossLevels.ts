import type { Curve } from "../curve/curve.js";
import { greatestOf, leastOf, median } from "../curve/statistics.js";

/** The first part of a sweep, at rates too low to change the model: its losses are those of the untrained model. */
const UNTRAINED_PART = 0.25;
/** Losses that differ by more than this factor at these rates are noise. */
const NOISY = 4;

/** The losses of a model before a search trains it. */
export interface LossLevels {
  /** The median loss of the untrained model. */
  readonly untrained: number;
  /** The highest loss of a batch if the losses of batches differ by a large factor, else `-Infinity`. */
  readonly noise: number;
}

/** Reads the loss levels from the first part of a sweep. */
export function lossLevels({ loss }: Curve): LossLevels {
  return {
    untrained: untrainedLoss(loss),
    noise: batchNoise(loss.slice(0, untrainedRungs(loss.length)), NOISY),
  };
}

/** The number of first rungs whose rates are too low to change the model. */
export function untrainedRungs(rungs: number): number {
  return Math.max(3, Math.floor(UNTRAINED_PART * rungs));
}

/** The loss of the untrained model: the median of the first measured losses of a sweep. */
function untrainedLoss(measured: readonly number[]): number {
  return median(measured.slice(0, untrainedRungs(measured.length)));
}

/**
 * The highest of the losses of an untrained model if they differ by more than a factor, else `-Infinity`.
 *
 * The losses of a new model differ little between batches. If the loss is almost zero from the start, as on a trained model,
 * one difficult example makes a batch's loss many times the loss of the next batch. A multiple of the lowest loss then says
 * nothing about divergence.
 *
 * @param losses - Losses at rates too low to change the model. Negative losses have no meaningful factor and give `-Infinity`.
 * @param factor - Greater than 1.
 */
function batchNoise(losses: readonly number[], factor: number): number {
  const lowest = leastOf(losses);
  const highest = greatestOf(losses);
  return lowest >= 0 && highest > factor * lowest ? highest : -Infinity;
}
