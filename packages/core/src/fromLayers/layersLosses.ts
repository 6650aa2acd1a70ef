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
  max,
  maximum,
  mean,
  mul,
  neg,
  oneHot,
  relu,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "@tensorflow/tfjs-core";

/** A loss function as in `tf.layers`. It returns one value per example, or any other tensor whose mean is the loss. */
export type LayersLoss = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** Clips probabilities away from 0 and 1, where the logarithm is infinite. `tf.layers` uses the same epsilon. */
function clipProbabilities(probabilities: Tensor): Tensor {
  const epsilon = backend().epsilon();
  return clipByValue(probabilities, epsilon, 1 - epsilon);
}

/** The numbers of a tensor, or epsilon where they are smaller. */
function atLeastEpsilon(numbers: Tensor): Tensor {
  return maximum(cast(numbers, "float32"), backend().epsilon());
}

function meanSquaredError(yTrue: Tensor, yPred: Tensor): Tensor {
  return mean(square(sub(yPred, yTrue)), -1);
}

function meanAbsoluteError(yTrue: Tensor, yPred: Tensor): Tensor {
  return mean(abs(sub(yPred, yTrue)), -1);
}

/** 100 · |target − prediction| / |target|. */
function meanAbsolutePercentageError(yTrue: Tensor, yPred: Tensor): Tensor {
  return mul(100, mean(abs(div(sub(yTrue, yPred), atLeastEpsilon(abs(yTrue)))), -1));
}

/** (log(1 + prediction) − log(1 + target))², for numbers of at least 0. */
function meanSquaredLogarithmicError(yTrue: Tensor, yPred: Tensor): Tensor {
  const logarithm = (numbers: Tensor): Tensor => log(add(1, atLeastEpsilon(numbers)));
  return mean(square(sub(logarithm(yPred), logarithm(yTrue))), -1);
}

/** max(0, 1 − target · prediction), for targets of −1 and 1. */
function margins(yTrue: Tensor, yPred: Tensor): Tensor {
  return maximum(0, sub(1, mul(yTrue, yPred)));
}

function hinge(yTrue: Tensor, yPred: Tensor): Tensor {
  return mean(margins(yTrue, yPred), -1);
}

function squaredHinge(yTrue: Tensor, yPred: Tensor): Tensor {
  return mean(square(margins(yTrue, yPred)), -1);
}

/** max(0, 1 + the highest score of another class − the score of the actual class), for one-hot targets. */
function categoricalHinge(yTrue: Tensor, yPred: Tensor): Tensor {
  const actual = sum(mul(yTrue, yPred), -1);
  const highestOther = max(mul(sub(1, yTrue), yPred), -1);
  return maximum(0, add(1, sub(highestOther, actual)));
}

/** log(cosh(prediction − target)), in a form that does not overflow: |x| + log(1 + exp(−2|x|)) − log 2. */
function logcosh(yTrue: Tensor, yPred: Tensor): Tensor {
  const distance = abs(sub(yPred, yTrue));
  return mean(sub(add(distance, log1p(exp(mul(-2, distance)))), Math.LN2), -1);
}

/** −Σ target · log(probability), with the probabilities of each example normalized to sum to 1. */
function categoricalCrossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const probabilities = clipProbabilities(div(yPred, sum(yPred, -1, true)));
  return neg(sum(mul(cast(yTrue, "float32"), log(probabilities)), -1));
}

function sparseCategoricalCrossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const classes = yPred.shape.at(-1) ?? 1;
  const labels = cast(reshape(yTrue, [-1]), "int32");
  // Clipped both before and after the normalization, as in `tf.layers`.
  return categoricalCrossentropy(reshape(oneHot(labels, classes), yPred.shape), clipProbabilities(yPred));
}

/** Cross-entropy in its numerically stable form for logits: max(x, 0) − x·y + log(1 + exp(−|x|)), x = log(p / (1 − p)). */
function binaryCrossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const clipped = clipProbabilities(yPred);
  const logits = log(div(clipped, sub(1, clipped)));
  const stable = add(sub(relu(logits), mul(logits, yTrue)), log1p(exp(neg(abs(logits)))));
  return mean(stable, -1);
}

/** Σ target · log(target / prediction), of probabilities. */
function kullbackLeiblerDivergence(yTrue: Tensor, yPred: Tensor): Tensor {
  const clip = (given: Tensor): Tensor => clipByValue(cast(given, "float32"), backend().epsilon(), 1);
  return sum(mul(yTrue, log(div(clip(yTrue), clip(yPred)))), -1);
}

/** prediction − target · log(prediction). */
function poisson(yTrue: Tensor, yPred: Tensor): Tensor {
  return mean(sub(yPred, mul(yTrue, log(add(backend().epsilon(), yPred)))), -1);
}

/** The negative cosine of the angle between target and prediction, from −1 to 1. */
function cosineProximity(yTrue: Tensor, yPred: Tensor): Tensor {
  const unit = (given: Tensor): Tensor => div(given, sqrt(atLeastEpsilon(sum(square(given), -1, true))));
  return neg(sum(mul(unit(cast(yTrue, "float32")), unit(yPred)), -1));
}

/** The losses by their names in `model.compile`, with the same values. */
export const layersLosses = {
  meanSquaredError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  squaredHinge,
  hinge,
  categoricalHinge,
  logcosh,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryCrossentropy,
  kullbackLeiblerDivergence,
  poisson,
  cosineProximity,
} as const satisfies Readonly<Record<string, LayersLoss>>;
