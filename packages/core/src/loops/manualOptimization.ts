import { dispose, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import type { Optimizer } from "../optim/optimizer.js";
import { withMathRandom } from "../random/seeded.js";
import type { LrScheduler } from "../schedules/lrScheduler.js";
import { lossAndGradients, type LossAndGradients } from "./gradients.js";
import { lossOf, optionalLossOf } from "./lossOf.js";
import type { Run } from "./run.js";
import type { TrainStepResult } from "./trainStepResult.js";
import { stepOptimizer } from "./stepOptimizer.js";

interface ManualStep {
  readonly run: Run<unknown>;
  steps: number;
}

/** The batch that each module optimizes by hand at the moment. */
const current = new WeakMap<object, ManualStep>();

/** Runs a training step that lets its optimizers step by itself, and counts their steps. */
export async function optimizeByHand<B>(run: Run<B>, batch: B, batchIdx: number): Promise<TrainStepResult> {
  const { module, state } = run;
  const step: ManualStep = { run: run, steps: 0 };
  current.set(module, step);
  try {
    // What a step draws before its first await, such as a generator's noise, follows from the seed too.
    const output = await withMathRandom(state.random, () => module.trainingStep(batch, batchIdx));
    const loss = optionalLossOf(output, "trainingStep");
    const value = (await loss?.data())?.[0] ?? NaN;
    loss?.dispose();
    await state.metrics.settle();
    return { loss: value, steps: step.steps };
  } finally {
    current.delete(module);
  }
}

/** The optimizers of a module that optimizes by hand. */
export function optimizersOf(module: object): readonly Optimizer[] {
  return stepOf(module).run.optimizers;
}

/** The schedules of a module that optimizes by hand. */
export function schedulersOf(module: object): readonly LrScheduler[] {
  return stepOf(module).run.schedulers;
}

/** The gradients of a loss with respect to an optimizer's parameters. */
export function backwardByHand(module: object, loss: () => Tensor, optimizer: Optimizer): LossAndGradients {
  const { state, detectAnomaly } = stepOf(module).run;
  return lossAndGradients(() => lossOf(loss(), "manualBackward"), optimizer.params, {
    random: state.random,
    detectAnomaly,
  });
}

/** Lets an optimizer step, and frees the gradients. */
export async function stepByHand(
  module: object,
  optimizer: Optimizer,
  gradients: ReadonlyMap<Variable, Tensor>,
): Promise<void> {
  const step = stepOf(module);
  try {
    await stepOptimizer(step.run, optimizer, gradients);
    step.steps += 1;
  } finally {
    dispose([...gradients.values()]);
  }
}

function stepOf(module: object): ManualStep {
  const step = current.get(module);
  if (step !== undefined) return step;
  throw new FulmineError("INVALID_STATE", "Optimizing by hand is possible only within `trainingStep`.", {
    todo: "Set `automaticOptimization = false` on the module and let a Trainer run it.",
  });
}
