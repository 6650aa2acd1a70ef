import { readRungs, type Curve } from "../curve/curve.js";
import { untrainedLoss } from "./lossLevels.js";

/** What is known about an optimizer before anything is measured. */
export interface Prior {
  /** The usual learning rate of the optimizer. */
  readonly usual: number;
  /** The exponents of the usual rate and of two readings of the curve in the weighted geometric mean; their sum is 1. */
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

/** The usual rate of SGD at an untrained loss of 1. */
const SGD = 0.4;
const SGD_POWERS = { usual: 0.4, valley: 0.4, edge: 0.2 };
/** SGD steps grow with the loss, so that the usual rate falls with it. */
const SGD_LOSS_POWER = -0.75;
/** The range of untrained losses in the tasks from which the prior was fitted. A loss far below is that of a trained model. */
const LOSSES = { low: 0.1, high: 1e4 };

/**
 * The prior of the optimizer that was swept; null for an unknown optimizer. Fitted on about 400 small tasks, see bench/regret.md.
 *
 * Momentum sums up 1/(1 − momentum) steps; the usual rate is lower by the same factor.
 *
 * @param untrained - The loss of the untrained model. @defaultValue read from the curve
 */
export function priorOf(curve: Curve, untrained: number = untrainedLossOf(curve)): Prior | null {
  const { optimizer } = curve;
  if (optimizer === undefined) return null;
  const { weights, momentum = 0 } = optimizer;
  const name = optimizer.name.replace("tf.train/", "").toLowerCase();
  const adaptive = ADAPTIVE.get(name);
  if (adaptive !== undefined) {
    return { usual: ((1 - momentum) * adaptive) / Math.cbrt(weights), powers: ADAPTIVE_POWERS };
  }
  if (name !== "sgd") return null;
  const loss = Math.min(LOSSES.high, Math.max(LOSSES.low, Math.abs(untrained)));
  return { usual: (1 - momentum) * SGD * loss ** SGD_LOSS_POWER, powers: SGD_POWERS };
}

function untrainedLossOf(curve: Curve): number {
  return untrainedLoss(readRungs(curve).map(({ measured }) => measured));
}
