import type { SweptOptimizer } from "../curve.js";

/** What is known of an optimizer before anything is measured. */
export interface Experience {
  /** The rate that is usual with it. */
  readonly usual: number;
  /** The power with which that rate and two readings of a curve enter the pick; together 1. */
  readonly powers: { readonly usual: number; readonly valley: number; readonly edge: number };
}

/** The optimizers that divide by the gradient's size, with the rate that is usual with each. */
const DIVIDING: ReadonlyMap<string, number> = new Map([
  ["adam", 0.006],
  ["adamw", 0.006],
  ["rmsprop", 0.006],
]);
/**
 * Their steps are bounded by about the rate (Kingma and Ba 2015, §2.1): a single one far above a good rate does little
 * harm, so that a curve explodes late and its edge says nothing.
 */
const DIVIDING_POWERS = { usual: 0.7, valley: 0.3, edge: 0 };

/** The usual rate of plain gradient descent, where the untrained loss is 1. Momentum adds up 1/(1 − momentum) steps. */
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
 * @param untrained - The untrained model's loss.
 */
export function experienceWith(optimizer: SweptOptimizer | undefined, untrained: number): Experience | null {
  if (optimizer === undefined) return null;
  const name = optimizer.name.replace("tf.train/", "").toLowerCase();
  const dividing = DIVIDING.get(name);
  if (dividing !== undefined) return { usual: dividing, powers: DIVIDING_POWERS };
  if (name !== "sgd") return null;
  const loss = Math.min(LOSSES.high, Math.max(LOSSES.low, Math.abs(untrained)));
  const usual = DESCENDING * (1 - (optimizer.momentum ?? 0)) * loss ** LOSS_POWER;
  return { usual, powers: DESCENDING_POWERS };
}
