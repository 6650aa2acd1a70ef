import { engine, type Scalar, type Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import { isVariable } from "../isTensor.js";
import type { Run } from "../loops/run.js";

/** An operation as TensorFlow.js records it for the backward pass. */
interface TapeNode {
  readonly inputs: Readonly<Record<string, { readonly id: number } | null | undefined>>;
  readonly outputs: readonly ({ readonly id: number } | null)[];
  readonly gradient?: unknown;
}

/** The runs whose steps were looked at; what a step uses is taken to be the same in all of them. */
const checked = new WeakSet<object>();

/**
 * Sees, at the first step of a run, that its loss depends on no trainable variable that the module does not hold: nothing
 * would ever train that one, save or put back.
 *
 * @param loss - The loss, whose operations the present backward pass has recorded.
 * @throws {@link FulmineError} `INVALID_STEP` naming the variable.
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

/** Whether a variable's gradient may reach the loss. */
function leadsTo(variable: Variable, loss: Scalar, tape: readonly TapeNode[]): boolean {
  const reached = new Set([variable.id]);
  for (const { inputs, outputs, gradient } of tape) {
    if (gradient === undefined || gradient === null) continue;
    if (!Object.values(inputs).some((input) => reached.has(input?.id ?? -1))) continue;
    for (const output of outputs) if (output !== null) reached.add(output.id);
  }
  return reached.has(loss.id);
}
