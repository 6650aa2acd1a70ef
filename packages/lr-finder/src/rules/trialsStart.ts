import type { Curve } from "../curve.js";
import { untrainedLoss } from "./untrainedLoss.js";

/** How far below the rate that doubles the loss trials begin, as a factor. */
const BELOW = 100;

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
  const untrained = untrainedLoss(loss);
  const calm = loss.findLastIndex((value) => value - untrained <= Math.abs(untrained));
  return { lr: (lr[calm + 1] ?? lr.at(-1) ?? NaN) / BELOW, untrained };
}
