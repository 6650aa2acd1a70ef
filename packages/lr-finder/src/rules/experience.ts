import type { SweptOptimizer } from "../curve.js";

/** What is known of an optimizer before anything is measured. */
export interface Experience {
  /** The rate that is usual with it. */
  readonly usual: number;
  /** The power with which that rate and two readings of a curve enter the pick; together 1. */
  readonly powers: { readonly usual: number; readonly valley: number; readonly edge: number };
}

/**
 * The optimizers that divide by the gradient's size: the rate that is usual with each is this over the cube root of the
 * number of weights. They move every weight by as much, so that the output moves by more the more weights there are (Yang
 * et al. 2022, "Tensor Programs V", where rates fall with the width, a square root of the number).
 */
const DIVIDING: ReadonlyMap<string, number> = new Map([
  ["adam", 0.09],
  ["adamw", 0.09],
  ["nadam", 0.09],
  ["rmsprop", 0.09],
  ["adamax", 0.45],
  ["radam", 0.6],
  ["adagrad", 1.2],
  ["adadelta", 60],
]);
/**
 * Their steps are bounded by about the rate (Kingma and Ba 2015, §2.1): a single one far above a good rate does little
 * harm, so that a curve explodes late and its edge says nothing.
 */
const DIVIDING_POWERS = { usual: 0.8, valley: 0.2, edge: 0 };

/** The usual rate of plain gradient descent, where the untrained loss is 1. */
const DESCENDING = 0.4;
const DESCENDING_POWERS = { usual: 0.4, valley: 0.4, edge: 0.2 };
/** Steps of gradient descent grow with the loss, so that its rates fall with it. */
const LOSS_POWER = -0.75;
/** The untrained losses that this was learned from. One far below is a trained model's. */
const LOSSES = { low: 0.1, high: 1e4 };

/**
 * What is known of an optimizer, learned from some 400 small tasks: see bench/regret.md. `null` of one that is not among
 * these.
 *
 * Momentum adds up 1/(1 − momentum) steps, so that its rates are as much lower.
 *
 * @param untrained - The untrained model's loss.
 */
export function experienceWith(optimizer: SweptOptimizer | undefined, untrained: number): Experience | null {
  if (optimizer === undefined) return null;
  const { weights, momentum = 0 } = optimizer;
  const name = optimizer.name.replace("tf.train/", "").toLowerCase();
  const dividing = DIVIDING.get(name);
  if (dividing !== undefined) {
    return { usual: ((1 - momentum) * dividing) / Math.cbrt(weights), powers: DIVIDING_POWERS };
  }
  if (name !== "sgd") return null;
  const loss = Math.min(LOSSES.high, Math.max(LOSSES.low, Math.abs(untrained)));
  return { usual: (1 - momentum) * DESCENDING * loss ** LOSS_POWER, powers: DESCENDING_POWERS };
}
