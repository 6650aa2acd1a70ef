import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { LossAndGradients } from "./gradients.js";

/** The operations of manual optimization within a training step. */
export interface ManualStep {
  /** Computes a loss and its gradients with respect to an optimizer's parameters. */
  backward(loss: () => Tensor, optimizer: Optimizer): LossAndGradients;
  /** Steps an optimizer, and disposes the gradients. */
  step(optimizer: Optimizer, gradients: LossAndGradients["gradients"]): Promise<void>;
}

/** The current manual step of each module. */
export const manualSteps = new WeakMap<object, ManualStep>();

/**
 * Gets the current manual step of a module.
 *
 * @throws FulmineError `INVALID_STATE` when there is none.
 */
export function manualStepOf(module: object): ManualStep {
  const step = manualSteps.get(module);
  if (step !== undefined) return step;
  throw new FulmineError("INVALID_STATE", "Manual optimization is possible only within `trainingStep`.", {
    todo: "Set `automaticOptimization = false` on the module and let a Trainer run it.",
  });
}
