import type { Scalar } from "@tensorflow/tfjs-core";
import { isTensor } from "../tensors/isTensor.js";
import { FulmineError } from "../errors/fulmineError.js";
import { isUnwantedPromise } from "../options/validators.js";

/**
 * Gets the loss from the result of a step.
 *
 * @param name - The step's name in messages.
 * @throws FulmineError `INVALID_STEP` when there is no loss, when it is not a scalar or is disposed, or when the
 * step is async.
 */
export function lossOf(output: unknown, name: string): Scalar {
  const loss: unknown = hasLoss(output) ? output.loss : output;
  if (isUnwantedPromise(loss)) {
    throw new FulmineError(
      "INVALID_STEP",
      `\`${name}\` must not be async: TensorFlow.js can't differentiate across an await.`,
      {
        todo: "Read values in a hook such as onTrainBatchEnd instead.",
      },
    );
  }
  if (!isTensor(loss)) {
    throw new FulmineError(
      "INVALID_STEP",
      `\`${name}\` must return a scalar loss, or an object with it as \`loss\`.`,
      {
        received: output,
      },
    );
  }
  const shape: readonly number[] = loss.shape;
  if (shape.length > 0) {
    throw new FulmineError(
      "INVALID_STEP",
      `\`${name}\` must return a scalar loss, but its shape is [${shape.join(", ")}].`,
      {
        todo: "Return its mean, e.g. tf.mean(loss).",
      },
    );
  }
  if (loss.isDisposed) {
    throw new FulmineError("INVALID_STEP", `\`${name}\` returned a loss that it has disposed.`, {
      todo: "Leave the loss to the Trainer, which disposes it after the step.",
    });
  }
  return loss as Scalar;
}

function hasLoss(output: unknown): output is { readonly loss: unknown } {
  return typeof output === "object" && output !== null && !isTensor(output) && "loss" in output;
}

/** Like {@link lossOf}, for a step that may return nothing. */
export function optionalLossOf(output: unknown, name: string): Scalar | undefined {
  return output === undefined ? undefined : lossOf(output, name);
}
