import { clone, dispose, keep, tidy, type Tensor, type TensorContainer } from "@tensorflow/tfjs-core";
import { mapLeaves, tensorsOf } from "../tensors/batch.js";
import type { BatchSource } from "../data/sources/batchSource.js";
import { impatient } from "./data/impatient.js";
import { withMathRandom } from "../random/seeded.js";
import { FulmineError } from "../errors/fulmineError.js";
import { isUnwantedPromise } from "../options/validators.js";
import type { Run } from "../run/run.js";

/** Makes predictions for one pass over data; the caller disposes them. */
export async function predictLoop<B>(run: Run<B>, data: BatchSource<B>): Promise<TensorContainer[]> {
  const predictions: TensorContainer[] = [];
  try {
    await predictAll(run, data, predictions);
  } catch (error) {
    dispose(predictions);
    throw error;
  }
  return predictions;
}

async function predictAll<B>(
  run: Run<B>,
  data: BatchSource<B>,
  predictions: TensorContainer[],
): Promise<void> {
  const { hooks, state, signal, module, breathe } = run;
  await hooks.call("onPredictStart");
  await hooks.call("onPredictEpochStart");
  const reader = impatient(data.open(state.random), run, () => signal.aborted);
  try {
    for (let batchIdx = 0; !signal.aborted; batchIdx++) {
      const batch = await reader.next();
      if (batch === undefined) break;
      try {
        await hooks.call("onPredictBatchStart", batch.value, batchIdx);
        const given = new Set<unknown>(tensorsOf(batch.value));
        const outputs = tidy(() => {
          const made: unknown = withMathRandom(
            state.random,
            () => module.predictStep?.(batch.value, batchIdx) ?? [],
          );
          if (isUnwantedPromise(made)) {
            throw new FulmineError(
              "INVALID_STEP",
              "`predictStep` must not be async: what it makes is freed after it.",
              { todo: "Return tensors, and read their values where `predict` has returned them." },
            );
          }
          // The batch's own tensors are disposed with the batch, so the caller gets clones of them.
          return mapLeaves(made, (leaf) =>
            given.has(leaf) ? clone(leaf as Tensor) : leaf,
          ) as TensorContainer;
        });
        predictions.push(outputs);
        for (const tensor of tensorsOf(outputs)) keep(tensor);
        await hooks.call("onPredictBatchEnd", outputs, batch.value, batchIdx);
      } finally {
        batch.release();
      }
      await breathe();
    }
  } finally {
    await reader.close();
  }
  await hooks.call("onPredictEpochEnd");
  await hooks.call("onPredictEnd");
}
