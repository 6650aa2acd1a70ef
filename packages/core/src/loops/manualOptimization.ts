import { dispose, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { withMathRandom } from "../random/seeded.js";
import type { TrainerOptions } from "../module/trainerOptions.js";
import { backwardStep, stepOptimizer } from "./backwardStep.js";
import { lossOf, optionalLossOf } from "../step/lossOf.js";
import { manualSteps } from "../step/manualStep.js";
import type { TrainBatchOutputs } from "../hooks/moduleHooks.js";
import type { Run } from "../run/run.js";

/**
 * Rejects options that have no effect with manual optimization.
 *
 * @throws FulmineError `INVALID_OPTION` naming the option.
 */
export function checkManual({ gradientClipVal, accumulateGradBatches = 1 }: TrainerOptions): void {
  const given = Object.entries({
    gradientClipVal,
    accumulateGradBatches: accumulateGradBatches === 1 ? undefined : accumulateGradBatches,
  });
  for (const [name, received] of given) {
    if (received === undefined) continue;
    throw new FulmineError(
      "INVALID_OPTION",
      `\`${name}\` does nothing with manual optimization (\`automaticOptimization\` is false).`,
      {
        received,
        todo: "Leave it out, and do it to the gradients between `manualBackward` and `manualStep`.",
      },
    );
  }
}

/** Runs a training step with manual optimization, and counts the optimizer steps that it takes. */
export async function optimizeManually<B>(
  run: Run<B>,
  batch: B,
  batchIdx: number,
): Promise<TrainBatchOutputs> {
  const { module, state } = run;
  let steps = 0;
  const losses: Tensor[] = [];
  manualSteps.set(module, {
    backward(loss, { params }) {
      const step = backwardStep(run, {
        name: "manual backward",
        loss: () => lossOf(loss(), "manualBackward"),
        ...{ params, accumulated: new Map<Variable, Tensor>(), planned: null },
      });
      const { tensors, notes } = run.runner.run(step);
      const [value, ...gradients] = tensors as [Tensor, ...Tensor[]];
      losses.push(value);
      return {
        loss: value,
        gradients: new Map(notes.reached.map((param, index) => [param, gradients[index] as Tensor])),
      };
    },
    async step(optimizer, gradients) {
      try {
        await stepOptimizer(run, optimizer, gradients);
        steps += 1;
      } finally {
        dispose([...gradients.values()]);
      }
    },
  });
  try {
    // Random numbers before the step's first await, such as a generator's noise, follow from the seed too.
    const output = await withMathRandom(state.random, () => module.trainingStep(batch, batchIdx));
    const loss = optionalLossOf(output, "trainingStep");
    const value = (await loss?.data())?.[0] ?? NaN;
    loss?.dispose();
    await state.metrics.readBack();
    if (loss !== undefined) state.metrics.recordLoss(value);
    return { loss: value, steps };
  } finally {
    for (const loss of losses) if (!loss.kept) loss.dispose();
    manualSteps.delete(module);
  }
}
