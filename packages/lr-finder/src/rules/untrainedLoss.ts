import { median } from "./median.js";

/**
 * The part of a sweep, at its start, whose rates are too low to train: its losses are those of the untrained
 * model.
 */
const UNTRAINED_PART = 0.25;

/** The loss of the untrained model, about, as a sweep's measured losses show it. */
export function untrainedLoss(measured: readonly number[]): number {
  return median(measured.slice(0, Math.max(3, Math.floor(UNTRAINED_PART * measured.length))));
}
