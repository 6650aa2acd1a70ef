import { checkOptions } from "../options/checkOptions.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Validator } from "../options/validators.js";
import { byOutput, type ByOutput } from "./byOutput.js";
import { layersLosses, type LayersLoss } from "./layersLosses.js";
import { fullLossName, isLossName, lossNames, type LayersLossName } from "./lossNames.js";
import { requireTargetShape } from "./targets.js";

/** A loss: a name, or a function of targets and predictions. */
export type LossChoice = LayersLossName | LayersLoss;

/** The losses of a model: one for all outputs, a list in the order of the outputs, or an object by the outputs' names. */
export type LossChoices = LossChoice | ByOutput<LossChoice>;

/** The loss of one output. */
export interface OutputLoss {
  /** The name of the output. */
  readonly output: string;
  /** The full name of the loss, or the user's function. */
  readonly choice: LossChoice;
  /** The loss function; it checks the shape of the targets if the loss was chosen by name. */
  readonly loss: LayersLoss;
}

/** The names of all losses, for messages. */
export const LOSS_TODO = `The names are: ${lossNames.join(", ")}.`;

const lossChoice: Validator = {
  expected: "the name of a loss, or a function (yTrue, yPred) => Tensor",
  test: (value) => typeof value === "function" || isLossName(value),
  todo: LOSS_TODO,
};

/**
 * Finds the loss of each output of a model.
 *
 * @throws FulmineError `INVALID_OPTION` if an output has no loss, or if a loss is unknown.
 */
export function lossesFor(choices: LossChoices, outputNames: readonly string[]): OutputLoss[] {
  const each =
    typeof choices === "string" || typeof choices === "function"
      ? outputNames.map(() => choices)
      : byOutput("loss", choices, outputNames);
  return outputNames.map((output, at) => {
    const choice = each[at];
    if (choice !== undefined) return { output, ...toLoss(choice) };
    throw new FulmineError("INVALID_OPTION", `\`loss\` has no entry for the output \`${output}\`.`, {
      received: choices,
    });
  });
}

function toLoss(choice: LossChoice): Pick<OutputLoss, "choice" | "loss"> {
  checkOptions({ loss: choice }, { loss: lossChoice }, "fromLayers");
  if (typeof choice === "function") return { choice, loss: choice };
  const name = fullLossName(choice);
  const loss: LayersLoss = layersLosses[name];
  return {
    choice: name,
    loss: (yTrue, yPred) => {
      requireTargetShape(name, yTrue, yPred);
      return loss(yTrue, yPred);
    },
  };
}
