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
import { checkOptions } from "../options/checkOptions.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Validator } from "../options/validators.js";
import { requireTargetShape } from "./targets.js";

/** A loss function as in `tf.layers`. It returns one value per example, or any other tensor whose mean is the loss. */
export type LayersLoss = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** Clips probabilities away from 0 and 1, where the logarithm is infinite. `tf.layers` uses the same epsilon. */
function clipProbabilities(probabilities: Tensor): Tensor {
  const epsilon = backend().epsilon();
  return clipByValue(probabilities, epsilon, 1 - epsilon);
}

function meanSquaredError(yTrue: Tensor, yPred: Tensor): Tensor {
  return mean(square(sub(yPred, yTrue)), -1);
}

function meanAbsoluteError(yTrue: Tensor, yPred: Tensor): Tensor {
  return mean(abs(sub(yPred, yTrue)), -1);
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

/** The losses by their names in `model.compile`, with the same values. */
export const layersLosses = {
  meanSquaredError,
  meanAbsoluteError,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryCrossentropy,
} as const satisfies Readonly<Record<string, LayersLoss>>;

/** The name of a loss, as in `model.compile`. */
export type LayersLossName = keyof typeof layersLosses;

/** A loss: a name, or a function of targets and predictions. */
export type LossChoice = LayersLossName | LayersLoss;

/** The losses of a model: one for all outputs, a list in the order of the outputs, or an object by the outputs' names. */
export type LossChoices = LossChoice | readonly LossChoice[] | Readonly<Record<string, LossChoice>>;

/** The loss of one output. */
export interface OutputLoss {
  /** The name of the output. */
  readonly output: string;
  /** The option from which the loss was made. */
  readonly choice: LossChoice;
  /** The loss function; it checks the shape of the targets if the loss was chosen by name. */
  readonly loss: LayersLoss;
}

/** The names of all losses, for messages. */
export const LOSS_TODO = `The names are: ${Object.keys(layersLosses).join(", ")}.`;

const lossChoice: Validator = {
  expected: "the name of a loss, or a function (yTrue, yPred) => Tensor",
  test: (value) =>
    typeof value === "function" || (typeof value === "string" && Object.hasOwn(layersLosses, value)),
  todo: LOSS_TODO,
};

/**
 * Finds the loss of each output of a model.
 *
 * @throws FulmineError `INVALID_OPTION` if an output has no loss, or if a loss is unknown.
 */
export function lossesFor(choices: LossChoices, outputNames: readonly string[]): OutputLoss[] {
  if (typeof choices === "string" || typeof choices === "function")
    return outputNames.map((output) => ({ output, choice: choices, loss: toLoss(choices) }));
  const isList = Array.isArray(choices);
  const given = choices as Readonly<Record<string, LossChoice | undefined>>;
  const unknown = isList ? undefined : Object.keys(given).find((name) => !outputNames.includes(name));
  if (unknown !== undefined || (isList && choices.length !== outputNames.length)) {
    throw new FulmineError("INVALID_OPTION", "`loss` must have one entry for each output of the model.", {
      received: unknown ?? choices,
      todo: `The outputs are: ${outputNames.join(", ")}.`,
    });
  }
  return outputNames.map((output, at) => {
    const own = Object.hasOwn(given, output) ? given[output] : undefined;
    const choice = isList ? (choices as readonly LossChoice[])[at] : own;
    if (choice !== undefined) return { output, choice, loss: toLoss(choice) };
    throw new FulmineError("INVALID_OPTION", `\`loss\` has no entry for the output \`${output}\`.`, {
      received: choices,
    });
  });
}

function toLoss(choice: LossChoice): LayersLoss {
  checkOptions({ loss: choice }, { loss: lossChoice }, "fromLayers");
  if (typeof choice === "function") return choice;
  const loss: LayersLoss = layersLosses[choice];
  return (yTrue, yPred) => {
    requireTargetShape(choice, yTrue, yPred);
    return loss(yTrue, yPred);
  };
}
