import { keep, tidy, type TensorContainer } from "@tensorflow/tfjs-core";
import { tensorsOf } from "../batch.js";
import type { BatchSource } from "../data/batchSource.js";
import { withMathRandom } from "../random/seeded.js";
import type { Run } from "./run.js";

/** Makes predictions for one pass over data; whoever gets them disposes them. */
export async function predictLoop<B>(run: Run<B>, data: BatchSource<B>): Promise<TensorContainer[]> {
  const { hooks, state, signal, module } = run;
  const predictions: TensorContainer[] = [];
  await hooks.call("onPredictStart");
  await hooks.call("onPredictEpochStart");
  const reader = data.open(state.random);
  try {
    for (let batchIdx = 0; !signal.aborted; batchIdx++) {
      const batch = await reader.next();
      if (batch === undefined) break;
      try {
        await hooks.call("onPredictBatchStart", batch.value, batchIdx);
        const outputs = tidy(() =>
          withMathRandom(state.random, () => module.predictStep?.(batch.value, batchIdx) ?? []),
        );
        for (const tensor of tensorsOf(outputs)) keep(tensor);
        predictions.push(outputs);
        await hooks.call("onPredictBatchEnd", outputs, batch.value, batchIdx);
      } finally {
        batch.release();
      }
      await run.breathe();
    }
  } finally {
    await reader.close();
  }
  await hooks.call("onPredictEpochEnd");
  await hooks.call("onPredictEnd");
  return predictions;
}
