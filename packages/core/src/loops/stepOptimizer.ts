import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Optimizer } from "../optim/optimizer.js";
import type { Run } from "../run/run.js";

/** Steps one optimizer after `onBeforeOptimizerStep`; with `detectAnomaly` it then checks the variables. */
export async function stepOptimizer<B>(
  { hooks, variables, detectAnomaly }: Run<B>,
  optimizer: Optimizer,
  gradients: ReadonlyMap<Variable, Tensor>,
): Promise<void> {
  await hooks.call("onBeforeOptimizerStep", optimizer);
  optimizer.step(gradients);
  detectAnomaly?.checkVariables(variables.trainable);
}
