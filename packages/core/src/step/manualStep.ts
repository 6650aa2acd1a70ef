import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import type { LossAndGradients } from "./gradients.js";

/** What a module that optimizes by hand can do within its training step. */
export interface ManualStep {
  readonly optimizers: readonly Optimizer[];
  readonly schedulers: readonly LrScheduler[];
  /** The gradients of a loss with respect to an optimizer's parameters. */
  backward(loss: () => Tensor, optimizer: Optimizer): LossAndGradients;
  /** Lets an optimizer step, and frees the gradients. */
  step(optimizer: Optimizer, gradients: LossAndGradients["gradients"]): Promise<void>;
}

/** The step that each module optimizes by hand at the moment. */
export const manualSteps = new WeakMap<object, ManualStep>();

/**
 * The step that a module optimizes by hand at the moment.
 *
 * @throws {@link FulmineError} `INVALID_STATE` when there is none.
 */
export function manualStepOf(module: object): ManualStep {
  const step = manualSteps.get(module);
  if (step !== undefined) return step;
  throw new FulmineError("INVALID_STATE", "Optimizing by hand is possible only within `trainingStep`.", {
    todo: "Set `automaticOptimization = false` on the module and let a Trainer run it.",
  });
}
