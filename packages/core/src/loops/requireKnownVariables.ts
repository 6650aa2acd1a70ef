import { engine, type Scalar, type Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isVariable } from "../tensors/isTensor.js";
import type { Run } from "../run/run.js";

/** An operation as TensorFlow.js records it for the backward pass. */
interface TapeNode {
  readonly inputs: Readonly<Record<string, { readonly id: number } | null | undefined>>;
  readonly outputs: readonly ({ readonly id: number } | null)[];
  readonly gradient?: unknown;
}

/** The variables objects of the runs that have been checked. Only the first step of a run is checked. */
const checked = new WeakSet<object>();

/**
 * Checks, at the first step of a run, that the loss depends on no trainable variable from outside the module. Such a
 * variable would never be trained, saved or restored.
 *
 * @param loss - The loss; its operations must be on the active tape.
 * @throws FulmineError `INVALID_STEP` naming the variable.
 */
export function requireKnownVariables<B>(loss: Scalar, { variables, optimizers }: Run<B>): Scalar {
  if (checked.has(variables)) return loss;
  checked.add(variables);
  const known = new Set([...variables.all, ...optimizers.flatMap(({ params }) => params)]);
  const tape = (engine().state.activeTape as readonly TapeNode[] | null) ?? [];
  const used = new Set(tape.flatMap(({ inputs }) => Object.values(inputs)).filter(isVariable));
  for (const variable of used) {
    if (!variable.trainable || known.has(variable) || !leadsTo(variable, loss, tape)) continue;
    throw new FulmineError(
      "INVALID_STEP",
      `The loss depends on the variable "${variable.name}", which the module does not hold, so that nothing would train it.`,
      {
        received: `a trainable variable of shape [${(variable.shape as number[]).join(", ")}]`,
        todo:
          "Keep it, or the layer or object that has it, as a property of the module that is not private (#); if it is not to " +
          "be trained, make it untrainable.",
      },
    );
  }
  return loss;
}

/** Whether the loss depends on a variable through differentiable operations. */
function leadsTo(variable: Variable, loss: Scalar, tape: readonly TapeNode[]): boolean {
  const reached = new Set([variable.id]);
  for (const { inputs, outputs, gradient } of tape) {
    if (gradient === undefined || gradient === null) continue;
    if (!Object.values(inputs).some((input) => reached.has(input?.id ?? -1))) continue;
    for (const output of outputs) if (output !== null) reached.add(output.id);
  }
  return reached.has(loss.id);
}
