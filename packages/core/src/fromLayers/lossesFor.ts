import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import { layersLosses, type LayersLoss, type LayersLossName } from "./layersLosses.js";

/** A loss by name, or a function of targets and predictions. */
export type LossChoice = LayersLossName | LayersLoss;

/** One loss for all outputs, one for each in order, or one for each by name. */
export type LossChoices = LossChoice | readonly LossChoice[] | Readonly<Record<string, LossChoice>>;

/** The loss of one output. */
export interface OutputLoss {
  /** The output's name. */
  readonly output: string;
  /** What was asked for. */
  readonly choice: LossChoice;
  readonly loss: LayersLoss;
}

/**
 * The loss of each of a model's outputs.
 *
 * @throws {@link FulmineError} `INVALID_OPTION`, naming the output without a loss or the loss that is unknown.
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
  if (typeof choice === "function") return choice;
  if (typeof (choice as unknown) !== "string" || !Object.hasOwn(layersLosses, choice)) {
    throw new FulmineError(
      "INVALID_OPTION",
      "`loss` must be a loss's name, or a function (yTrue, yPred) => Tensor.",
      {
        received: choice,
        todo: `The names are: ${Object.keys(layersLosses).join(", ")}.`,
      },
    );
  }
  const loss: LayersLoss = layersLosses[choice];
  return (yTrue, yPred) => {
    if (choice === "sparseCategoricalCrossentropy") requireLabels(yTrue, yPred);
    else requireSameShape(yTrue, yPred, choice);
    return loss(yTrue, yPred);
  };
}

/** Shapes that differ would broadcast without a word. */
function requireSameShape(yTrue: Tensor, yPred: Tensor, loss: string): void {
  if (
    yTrue.shape.length === yPred.shape.length &&
    yTrue.shape.every((size, axis) => size === yPred.shape[axis])
  )
    return;
  throw new FulmineError(
    "INVALID_DATA",
    `The targets of ${loss} must be shaped like the model's output, [${yPred.shape.join(", ")}].`,
    {
      received: yTrue.shape,
      todo:
        loss === "categoricalCrossentropy"
          ? "For class numbers instead of one-hot rows, use sparseCategoricalCrossentropy."
          : "Reshape the targets in the data.",
    },
  );
}

/** One label for each row of the output, whatever dimensions of 1 the labels have besides. */
function requireLabels(yTrue: Tensor, yPred: Tensor): void {
  if (yTrue.size * (yPred.shape.at(-1) ?? 1) === yPred.size) return;
  throw new FulmineError(
    "INVALID_DATA",
    `The targets of sparseCategoricalCrossentropy must be a class number for each row of the model's output, [${yPred.shape.join(", ")}].`,
    {
      received: yTrue.shape,
      todo: "For one-hot rows instead of class numbers, use categoricalCrossentropy.",
    },
  );
}
