import type { Curve } from "../curve.js";

/** How far below the rate that doubles the loss trials begin, as a factor. */
const BELOW = 100;
/** The part of a sweep, at its start, whose rates are too low to train. */
const UNTRAINED_PART = 0.25;

/** Where trials begin. */
export interface TrialsStart {
  /** The rate of the first trial. */
  readonly lr: number;
  /** The loss of the untrained model, about. */
  readonly untrained: number;
}

/**
 * A hundredth of the rate from which on a coarse sweep's losses stay above twice the untrained model's, which a curve of
 * twenty rungs shows about. On tasks as in bench/regret.md the best rate lies within a decade of it four times in five.
 */
export function trialsStart({ lr, loss }: Curve): TrialsStart {
  const atFirst = loss.slice(0, Math.max(3, Math.floor(UNTRAINED_PART * loss.length)));
  const untrained = atFirst.toSorted((a, b) => a - b)[Math.floor(atFirst.length / 2)] ?? NaN;
  const calm = loss.findLastIndex((value) => value - untrained <= Math.abs(untrained));
  return { lr: (lr[calm + 1] ?? lr.at(-1) ?? NaN) / BELOW, untrained };
}
