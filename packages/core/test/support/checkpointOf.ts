import { FulmineError, Trainer, type Callback, type Checkpoint } from "@fulmine/core";
import { makeLoader, type TinyModule } from "./tinyModule.js";

/** The options of a short fit without output. */
export const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 1 } as const;

/** New loaders of training and validation data. */
export const makeData = (): Record<"train" | "val", ReturnType<typeof makeLoader>> => ({
  train: makeLoader(),
  val: makeLoader({ size: 48 }),
});

/** A checkpoint after the first step of a fit. */
export async function checkpointOf(model: TinyModule, callbacks: Callback[] = []): Promise<Checkpoint> {
  const saved: Checkpoint[] = [];
  const save: Callback = { onTrainBatchEnd: async (trainer) => void saved.push(await trainer.checkpoint()) };
  await new Trainer({ ...quiet, maxSteps: 1, callbacks: [...callbacks, save] }).fit(model, makeData());
  const [checkpoint] = saved;
  if (checkpoint === undefined) throw new Error("no checkpoint");
  return checkpoint;
}

/** The code of the error with which a promise is rejected. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof FulmineError ? error.code : String(error);
}
