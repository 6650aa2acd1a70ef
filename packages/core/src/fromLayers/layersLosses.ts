import {
  abs,
  add,
  backend,
  cast,
  clipByValue,
  div,
  exp,
  log,
  log1p,
  mean,
  mul,
  neg,
  oneHot,
  relu,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
} from "@tensorflow/tfjs-core";

/** A loss in the manner of `tf.layers`: a number per example, or any tensor whose mean is the loss. */
export type LayersLoss = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** Keeps probabilities off 0 and 1, where logarithms are infinite; as far as `tf.layers` does on the same backend. */
function offTheEnds(probabilities: Tensor): Tensor {
  const epsilon = backend().epsilon();
  return clipByValue(probabilities, epsilon, 1 - epsilon);
}

function meanSquaredError(yTrue: Tensor, yPred: Tensor): Tensor {
  return mean(square(sub(yPred, yTrue)), -1);
}

function meanAbsoluteError(yTrue: Tensor, yPred: Tensor): Tensor {
  return mean(abs(sub(yPred, yTrue)), -1);
}

/** −Σ target · log(probability), after the probabilities of each example are made to sum to 1. */
function categoricalCrossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const probabilities = offTheEnds(div(yPred, sum(yPred, -1, true)));
  return neg(sum(mul(cast(yTrue, "float32"), log(probabilities)), -1));
}

function sparseCategoricalCrossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const classes = yPred.shape.at(-1) ?? 1;
  const labels = cast(reshape(yTrue, [-1]), "int32");
  // Clipped before as well as after they are made to sum to 1, as in `tf.layers`.
  return categoricalCrossentropy(reshape(oneHot(labels, classes), yPred.shape), offTheEnds(yPred));
}

/** The cross-entropy in its stable form from logits: max(x, 0) − x·y + log(1 + exp(−|x|)), x = log(p / (1 − p)). */
function binaryCrossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const clipped = offTheEnds(yPred);
  const logits = log(div(clipped, sub(1, clipped)));
  const stable = add(sub(relu(logits), mul(logits, yTrue)), log1p(exp(neg(abs(logits)))));
  return mean(stable, -1);
}

/** The losses by the names that `model.compile` knows them by, with the same values. */
export const layersLosses = {
  meanSquaredError,
  meanAbsoluteError,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryCrossentropy,
} as const satisfies Readonly<Record<string, LayersLoss>>;

/** The name of a loss. */
export type LayersLossName = keyof typeof layersLosses;
