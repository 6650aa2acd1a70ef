import { FulmineError } from "../errors/fulmineError.js";
import { layersLosses, type LayersLoss, type LayersLossName } from "./layersLosses.js";
import { requireTargets } from "./requireTargets.js";

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
    requireTargets(choice, yTrue, yPred);
    return loss(yTrue, yPred);
  };
}
