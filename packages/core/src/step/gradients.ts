import { engine, tidy, variableGrads, type Scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import type { RandomState } from "../random/randomState.js";
import { replaceMathRandom } from "../random/seeded.js";
import type { AnomalyDetection } from "./anomaly.js";

/** A loss and its gradients; whoever holds them disposes them. */
export interface LossAndGradients {
  readonly loss: Tensor;
  /** The gradient of each parameter that the loss depends on. */
  readonly gradients: Map<Variable, Tensor>;
}

/** How a loss is differentiated. */
export interface BackwardOptions {
  /** The source of dropout's and other random numbers. */
  readonly random: RandomState;
  /** Checks every operation's result; `null` when that is not wanted. */
  readonly detectAnomaly: AnomalyDetection | null;
}

/** Computes a loss and its gradients with respect to parameters, as one synchronous forward and backward pass. */
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
    throw error;
  } finally {
    restore();
  }
  const { value, grads } = result;
  const gradients = new Map<Variable, Tensor>();
  for (const param of params) {
    // TensorFlow.js gives null, against its type, for a variable that is frozen by now.
    const gradient = grads[param.name] as Tensor | null | undefined;
    if (gradient !== undefined && gradient !== null) gradients.set(param, gradient);
  }
  return { loss: value, gradients };
}

/** Frees what TensorFlow.js keeps for a backward pass when that pass fails, which it does not do itself. */
function freeTape(): void {
  const { state } = engine();
  // A pass within another one leaves the tape to it.
  if (state.gradientDepth > 0) return;
  for (const { saved = [] } of state.activeTape) for (const tensor of saved) tensor.dispose();
  state.activeTape = [];
}
