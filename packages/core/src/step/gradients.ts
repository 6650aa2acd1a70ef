import { engine, tidy, variableGrads, type Scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { reasonOf } from "../errors/describe.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { RandomState } from "../random/randomState.js";
import { replaceMathRandom } from "../random/seeded.js";
import type { AnomalyDetection } from "./anomaly.js";

/** A loss and its gradients; the caller disposes them. */
export interface LossAndGradients {
  readonly loss: Tensor;
  /** The gradient of each parameter that the loss depends on. */
  readonly gradients: Map<Variable, Tensor>;
}

/** How a loss is differentiated. */
export interface BackwardOptions {
  /** The source of random numbers, e.g. for dropout. */
  readonly random: RandomState;
  /** Checks the result of every operation; `null` to check none. */
  readonly detectAnomaly: AnomalyDetection | null;
}

/** The beginnings of TensorFlow.js's error messages when there is nothing to differentiate by. */
const NOTHING_REACHED =
  /^(Cannot find a connection between any variable|variableGrads\(\) expects at least one)/;

/**
 * Computes a loss and its gradients with respect to parameters, as one synchronous forward and backward pass.
 *
 * @throws FulmineError `INVALID_STEP` when the loss depends on no trainable parameter.
 */
export function lossAndGradients(
  loss: () => Tensor | undefined,
  params: readonly Variable[],
  { random, detectAnomaly }: BackwardOptions,
): LossAndGradients {
  const restore = replaceMathRandom(random);
  const backward = () => variableGrads(loss as () => Scalar, [...params]);
  let result: ReturnType<typeof backward>;
  try {
    result = tidy(detectAnomaly === null ? backward : () => detectAnomaly.watchOperations(backward));
  } catch (error) {
    freeTape();
    throw NOTHING_REACHED.test(reasonOf(error)) ? nothingReached(error) : error;
  } finally {
    restore();
  }
  const { value, grads } = result;
  const gradients = new Map<Variable, Tensor>();
  for (const param of params) {
    // TensorFlow.js returns null for a frozen variable, although its type excludes null.
    const gradient = grads[param.name] as Tensor | null | undefined;
    if (gradient !== undefined && gradient !== null) gradients.set(param, gradient);
  }
  return { loss: value, gradients };
}

/** Frees the tape after a failed pass; TensorFlow.js does not do that itself. */
function freeTape(): void {
  const { state } = engine();
  // An inner pass leaves the tape to the outer pass.
  if (state.gradientDepth > 0) return;
  // There is no tape before a pass begins and after it has ended.
  const tape = state.activeTape as typeof state.activeTape | null;
  for (const { saved = [] } of tape ?? []) for (const tensor of saved) tensor.dispose();
  state.activeTape = [];
}

function nothingReached(cause: unknown): FulmineError {
  return new FulmineError("INVALID_STEP", "The loss depends on no trainable parameter of the optimizer.", {
    todo:
      "Compute it from the layers or variables that `configureOptimizers` trains, by operations of TensorFlow.js that have " +
      "a gradient, and leave some of them trainable.",
    cause,
  });
}
