import { median } from "./median.js";

/**
 * The part of a sweep, at its start, whose rates are too low to train: its losses are those of the untrained
 * model.
 */
const UNTRAINED_PART = 0.25;

/** How many of a sweep's rungs are at rates too low to train. */
export function untrainedRungs(rungs: number): number {
  return Math.max(3, Math.floor(UNTRAINED_PART * rungs));
}

/** The loss of the untrained model, about, as a sweep's measured losses show it. */
export function untrainedLoss(measured: readonly number[]): number {
  return median(measured.slice(0, untrainedRungs(measured.length)));
}
