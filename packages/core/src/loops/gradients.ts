import {
  engine,
  tidy,
  variableGrads,
  type Scalar,
  type Tensor,
  type TensorContainer,
  type Variable,
} from "@tensorflow/tfjs-core";
import { withMathRandom } from "../random/seeded.js";
import type { AnomalyDetection } from "./anomaly.js";
import type { Chance } from "./stepPiece.js";

/** A loss and its gradients; whoever holds them disposes them. */
export interface LossAndGradients {
  readonly loss: Tensor;
  /** The gradient of each parameter that the loss depends on. */
  readonly gradients: Map<Variable, Tensor>;
}

/** How a loss is differentiated. */
export interface BackwardOptions {
  /** Where dropout and other chance come from. */
  readonly random: Chance;
  /** Looks at every operation's result; `null` when nobody does. */
  readonly detectAnomaly: AnomalyDetection | null;
}

/** Computes a loss and its gradients with respect to parameters, as one synchronous forward and backward pass. */
export function lossAndGradients(
  loss: () => Scalar,
  params: readonly Variable[],
  { random, detectAnomaly }: BackwardOptions,
): LossAndGradients {
  const backward = (): ReturnType<typeof variableGrads> =>
    freeingTape(() => variableGrads(loss, [...params]));
  const watched = (): ReturnType<typeof backward> => detectAnomaly?.watchOperations(backward) ?? backward();
  const { value, grads } = withMathRandom(random, watched);
  const gradients = new Map<Variable, Tensor>();
  for (const param of params) {
    // TensorFlow.js gives null, against its type, for a variable that is frozen by now.
    const gradient = grads[param.name] as Tensor | null | undefined;
    if (gradient !== undefined && gradient !== null) gradients.set(param, gradient);
  }
  return { loss: value, gradients };
}

/** Frees what TensorFlow.js keeps for a backward pass when that pass fails, which it does not do itself. */
function freeingTape<T extends TensorContainer>(run: () => T): T {
  const { state } = engine();
  const isOutermost = state.gradientDepth === 0;
  try {
    return tidy(run);
  } catch (error) {
    if (isOutermost) {
      for (const { saved = [] } of state.activeTape) for (const tensor of saved) tensor.dispose();
      state.activeTape = [];
    }
    throw error;
  }
}
