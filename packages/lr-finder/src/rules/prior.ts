import type { Curve } from "../curve/curve.js";
import { lossScale } from "./lossScale.js";
import { readEffect } from "./paired.js";

/** What is known about an optimizer before anything is measured. */
export interface Prior {
  /** The usual learning rate of the optimizer. */
  readonly usual: number;
  /** The exponents of the usual rate, the valley and a tenth of the edge in the weighted geometric mean; their sum is 1. */
  readonly powers: { readonly usual: number; readonly valley: number; readonly edge: number };
}

/**
 * Optimizers that divide by the size of the gradient. The usual rate is this constant, divided by the cube root of the number
 * of weights: such optimizers move every weight by the same amount, so that the output moves more if there are more weights
 * (Yang et al. 2022, "Tensor Programs V": rates fall with the width, i.e. with the square root of the number of weights).
 */
const ADAPTIVE: ReadonlyMap<string, number> = new Map([
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
 * The learning rate bounds the size of an adaptive step (Kingma and Ba 2015, §2.1). One step at a rate far too high does
 * little harm, so that the curve explodes late and its edge carries no information.
 */
const ADAPTIVE_POWERS = { usual: 0.8, valley: 0.2, edge: 0 };

/** The usual rate of SGD at a loss whose scale is 1 (see `lossScale`). */
const SGD = 0.063;
/** The usual rate falls as the loss grows, and so does the edge: with it the pick falls by exactly the factor of the loss. */
const SGD_POWERS = { usual: 0.3, valley: 0.1, edge: 0.6 };

/** The usual rate of SGD is at most this many times the edge. */
const MOST_ABOVE = 10;

/** The name of an optimizer as the prior knows it: an optimizer of `tf.train` counts as the one of the same name. */
export function plainName(name: string): string {
  return name.replace("tf.train/", "").toLowerCase();
}

/** Whether the usual rate of an optimizer depends on the number of weights. */
export function dependsOnWeights(name: string): boolean {
  return ADAPTIVE.has(plainName(name));
}

/**
 * The prior of the optimizer that was swept; null for an unknown optimizer. Fitted on small tasks, see bench/regret.md.
 *
 * Momentum sums up 1/(1 − momentum) steps; the usual rate is lower by the same factor. Steps of SGD grow with the loss, so that
 * its usual rate falls with the scale of the loss. It is at most ten times the edge: the scale is tiny on a trained model.
 *
 * @param scale - The scale of the loss. @defaultValue read from the curve
 * @param edge - The highest rate that does no harm. @defaultValue no limit
 */
export function priorOf(
  curve: Curve,
  scale: number = lossScale(readEffect(curve)).scale,
  edge = Infinity,
): Prior | null {
  const { optimizer } = curve;
  if (optimizer === undefined) return null;
  const { weights, effectiveWeights = weights, momentum = 0 } = optimizer;
  const name = plainName(optimizer.name);
  const adaptive = ADAPTIVE.get(name);
  if (adaptive !== undefined) {
    return { usual: ((1 - momentum) * adaptive) / Math.cbrt(effectiveWeights), powers: ADAPTIVE_POWERS };
  }
  if (name !== "sgd") return null;
  return { usual: Math.min(MOST_ABOVE * edge, ((1 - momentum) * SGD) / scale), powers: SGD_POWERS };
}
