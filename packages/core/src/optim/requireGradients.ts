import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";

/**
 * Checks that each gradient can be its parameter's, before a step frees or changes anything.
 *
 * @throws {@link FulmineError} `INVALID_STEP` when one is disposed, or has another shape or type.
 */
export function requireGradients(gradients: ReadonlyMap<Variable, Tensor>): void {
  for (const [variable, gradient] of gradients) {
    const { name } = variable;
    if (gradient.isDisposed) {
      throw new FulmineError("INVALID_STEP", `The gradient of the variable "${name}" is disposed.`, {
        todo: "Give each step gradients of its own; `manualStep` disposes those that it gets.",
      });
    }
    const kind = kindOf(variable);
    if (kindOf(gradient) === kind) continue;
    throw new FulmineError("INVALID_STEP", `The gradient of the variable "${name}" must be ${kind}.`, {
      received: kindOf(gradient),
      todo: "Give each variable a gradient of its own shape and type.",
    });
  }
}

function kindOf({ dtype, shape }: Tensor): string {
  return `${dtype} [${shape.join(", ")}]`;
}
